// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rules/rejection.hpp"
#include "shm/memory_file.hpp"
#include "shm/unique_fd.hpp"
#include "wire/frame.hpp"
#include "wire/uuid.hpp"

#include <cstdint>
#include <string>

namespace roudi {

// The file of a data segment, of a port's first one or of a further one.
Granted<shm::MemoryFile> make_data_file(wire::Uuid segment, std::uint64_t size, bool in_huge_pages);

// The one that a node presents which had it before the broker's restart; the error says why that breaks the
// protocol. `claim` is the type of the message.
tl::expected<shm::MemoryFile, wire::Violation> take_data_file(const std::string& claim,
                                                              shm::UniqueFd presented, wire::Uuid segment,
                                                              std::uint64_t size);

}  // namespace roudi
