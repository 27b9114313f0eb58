// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shm/unique_fd.hpp"

#include <ipc/ipc.hpp>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <vector>

namespace waitset {

using namespace std::chrono_literals;
using ipc::CallbackProgression;
using ipc::WaitSetAttachmentId;
using ipc::WaitSetGuard;
using Result = ipc::WaitSetRunResult;

// Long enough never to pass but in a failure.
inline constexpr std::chrono::seconds patience{30};

// A callback that only lets the wait go on.
inline constexpr auto go_on = [](const WaitSetAttachmentId&) { return CallbackProgression::Continue; };

inline ipc::WaitSet a_wait_set() {
    return ipc::WaitSetBuilder{}.signal_handling_mode(ipc::SignalHandlingMode::Disabled).create().value();
}

// A descriptor that is ready as long as the test says so.
class Event {
 public:
    void raise() const { ::eventfd_write(descriptor_.get(), 1); }
    void lower() const {
        eventfd_t count = 0;
        ::eventfd_read(descriptor_.get(), &count);
    }
    int descriptor() const { return descriptor_.get(); }

 private:
    ipc::shm::UniqueFd descriptor_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
};

inline bool readable(int descriptor, int timeout_ms = 0) {
    pollfd one{.fd = descriptor, .events = POLLIN, .revents = 0};
    return ::poll(&one, 1, timeout_ms) == 1;
}

// What a set calls back for in one round; nothing if nothing is there.
inline std::vector<WaitSetAttachmentId> round_of(ipc::WaitSet& set, std::chrono::nanoseconds timeout = 0ns) {
    std::vector<WaitSetAttachmentId> called;
    const auto result = set.wait_and_process_once_with_timeout(
        [&](const WaitSetAttachmentId& id) {
            called.push_back(id);
            return CallbackProgression::Continue;
        },
        timeout);
    if (result.value() != Result::AllEventsHandled) throw ipc::Failure{"the wait ended for another reason"};
    return called;
}

inline auto ids(std::initializer_list<const WaitSetGuard*> guards) {
    std::vector<WaitSetAttachmentId> result;
    for (const auto* guard : guards) result.push_back(WaitSetAttachmentId::from_guard(*guard));
    return result;
}

}  // namespace waitset
