// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wire/frame.hpp"
#include "wire/messages.hpp"

#include <tl/expected.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace ipc::wire {

// A message with the number of the request it is or answers; 0 for an announcement.
template <class Message>
struct Numbered {
    std::uint64_t request = 0;
    Message message;
    std::vector<shm::UniqueFd> descriptors;
};

// Names are UTF-8 already: they are checked where they enter. Other text may quote anything (a path, a user's
// name); bytes that are not UTF-8 arrive as U+FFFD.
Frame encode(const ClientMessage& message, std::uint64_t request,
             std::vector<shm::UniqueFd> descriptors = {});
Frame encode(const BrokerMessage& message, std::uint64_t request,
             std::vector<shm::UniqueFd> descriptors = {});

// Strict: an unknown message, a member that is missing, unknown or of the wrong type, or a number of
// descriptors that the message does not carry is a violation, whose reason names it.
tl::expected<Numbered<ClientMessage>, Violation> decode_client(Frame frame);
tl::expected<Numbered<BrokerMessage>, Violation> decode_broker(Frame frame);

}  // namespace ipc::wire
