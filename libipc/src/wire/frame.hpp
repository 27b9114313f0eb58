// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shm/unique_fd.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ipc::wire {

// One unit of the control socket: a header, as many bytes of JSON as it says, and descriptors, that travel
// with the header's first byte.
struct Frame {
    std::string text;
    std::vector<shm::UniqueFd> descriptors;
};

// In the machine's byte order: both ends are on it.
struct FrameHeader {
    std::uint32_t length = 0;
    std::uint32_t descriptors = 0;
};

// The longest text that a broker accepts, and that a client does: lists of services are long. The longest
// request is for a service with two schemas, four types and all attributes, whose names may be made of
// characters that JSON writes with six bytes each (of a schema's: two).
inline constexpr std::size_t max_client_frame = 256 * 1024;
inline constexpr std::size_t max_broker_frame = 4 * 1024 * 1024;
// Descriptors of a client's frame, and of a broker's: as many as the kernel passes at once (SCM_MAX_FD), for
// a receiver is given all data segments of a sender with their connection.
inline constexpr std::size_t max_descriptors = 16;
inline constexpr std::size_t max_broker_descriptors = 253;

// What a peer did that no honest peer does: the session ends with this reason.
struct Violation {
    std::string reason;
};

}  // namespace ipc::wire
