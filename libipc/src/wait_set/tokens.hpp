// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace ipc::wait_set {

// What comes back with an event of the poll set. From DrivenNodes::first_token on: a node without a thread.
struct Tokens {
    static constexpr std::uint64_t timer = 1;
    static constexpr std::uint64_t stop = 2;
    static constexpr std::uint64_t termination = 3;
    static constexpr std::uint64_t first_attachment = 16;  // their numbers
};

}  // namespace ipc::wait_set
