// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/poll_set.hpp"
#include "shm/unique_fd.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace ipc::control {

// When to look for a broker that went: soon, then ever more seldom, and at once when something appears in its
// socket's directory. It is in the node's poll set while it is on, so that whatever drives the node does it.
class BrokerWatch {
 public:
    // Of events in `poll_set`.
    BrokerWatch(PollSet& poll_set, std::uint64_t timer_token, std::uint64_t directory_token)
        : poll_set_{poll_set}, timer_token_{timer_token}, directory_token_{directory_token} {}

    // The first look is in a millisecond. Without descriptors left for it there is none: then false.
    [[nodiscard]] bool begin(const std::string& socket);
    // There was none. The next look is due later.
    void not_there();
    // There was one, which did not take the node back: a longer pause, twice as long each time.
    void not_taken_back();
    // There is one, whose word is awaited.
    void pause();
    // The node has a broker.
    void end();

    // Of an event: takes it. Whether it is one of these, and a look is due.
    bool is_due(std::uint64_t token);
    // In a forked child.
    void close_descriptors();

 private:
    void watch_directory_of(const std::string& socket);
    void take_events();
    void look_in(std::chrono::milliseconds delay);

    PollSet& poll_set_;
    const std::uint64_t timer_token_;
    const std::uint64_t directory_token_;
    shm::UniqueFd timer_;
    shm::UniqueFd directory_;  // from the first broker that went on
    int watch_ = -1;           // there
    std::chrono::milliseconds delay_{1};
    unsigned refusals_ = 0;
};

}  // namespace ipc::control
