// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>

namespace roudi {

// What was sent to a client and lies in its socket. The kernel says how much that is; since when it has not
// become less follows from looking before and after each send.
class Unread {
 public:
    using Time = std::chrono::steady_clock::time_point;

    // Since when it lies there with nothing taken; nothing where all was taken.
    std::optional<Time> since(int socket);
    // More was sent, and since() asked before.
    void sent(int socket);

 private:
    std::optional<Time> since_;
    int left_ = 0;
};

}  // namespace roudi
