// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shm/fork_guard.hpp"
#include "shm/system_error.hpp"
#include "shm/unique_fd.hpp"

#include <tl/expected.hpp>

#include <cstdint>
#include <memory>
#include <utility>

namespace ipc::wait_set {

// How a thread ends or wakes the wait of another: an event descriptor whose count says which.
class StopSignal {
 public:
    enum class Asked : std::uint8_t { wake, stop };

    static tl::expected<std::shared_ptr<StopSignal>, shm::SystemError> create();
    explicit StopSignal(shm::UniqueFd event) : event_{std::move(event)} {}

    void ask(Asked what) const;
    // By who found the descriptor readable, which is quiet afterwards. A stop and a wake together are a stop.
    Asked take() const;
    int descriptor() const { return event_.get(); }

 private:
    const std::uint32_t generation_ = shm::fork_generation();
    const shm::UniqueFd event_;
};

}  // namespace ipc::wait_set
