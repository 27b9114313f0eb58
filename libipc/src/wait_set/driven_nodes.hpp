// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/poll_set.hpp"

#include <cstdint>
#include <memory>
#include <unordered_map>

namespace ipc::control {
class Reactor;
}

namespace ipc::wait_set {

// The nodes of this process that have no thread, in the poll set of whoever waits.
class DrivenNodes {
 public:
    // Tokens from here on are this object's.
    static constexpr std::uint64_t first_token = std::uint64_t{1} << 63;

    // Takes up who came and forgets who went. (The kernel has forgotten his descriptor already.)
    void update(control::PollSet& poll_set);
    // Who has something to do; null if he went.
    std::shared_ptr<control::Reactor> find(std::uint64_t token) const;

 private:
    bool knows(const std::shared_ptr<control::Reactor>& node) const;

    std::unordered_map<std::uint64_t, std::weak_ptr<control::Reactor>> nodes_;  // by token
    std::uint64_t next_token_ = first_token;
};

}  // namespace ipc::wait_set
