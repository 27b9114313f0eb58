// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shm/system_error.hpp"
#include "shm/unique_fd.hpp"

#include <tl/expected.hpp>

#include <sys/epoll.h>

#include <array>
#include <cstdint>
#include <span>

namespace ipc::control {

// An epoll set of our own. Not Asio's: a node without a thread hands this very descriptor to the
// application's loop, which needs one descriptor that is readable exactly when the node has something to do.
class PollSet {
 public:
    static tl::expected<PollSet, shm::SystemError> create();

    // `token` comes back with the event.
    tl::expected<void, shm::SystemError> add(int descriptor, std::uint32_t events, std::uint64_t token);
    void change(int descriptor, std::uint32_t events, std::uint64_t token);
    void remove(int descriptor);

    // Level-triggered events; a negative timeout waits for ever. An interrupted wait has none.
    std::span<const epoll_event> wait(int timeout_ms);

    int descriptor() const { return epoll_.get(); }
    void close() { epoll_.reset(); }

 private:
    shm::UniqueFd epoll_;
    std::array<epoll_event, 16> events_{};
};

}  // namespace ipc::control
