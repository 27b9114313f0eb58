// SPDX-License-Identifier: Apache-2.0
#include "port/waiting.hpp"

#include "ring/atomics.hpp"
#include "shm/membarrier.hpp"

#include <poll.h>

#include <algorithm>
#include <array>

namespace ipc::port {

timespec time_until(Deadline deadline) {
    const auto left = std::max(std::chrono::nanoseconds::zero(),
                               std::chrono::nanoseconds{deadline - std::chrono::steady_clock::now()});
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    return {.tv_sec = static_cast<std::time_t>(seconds.count()),
            .tv_nsec = static_cast<long>((left - seconds).count())};
}

std::uint64_t steady_now_ns() {
    return static_cast<std::uint64_t>(
        std::chrono::nanoseconds{std::chrono::steady_clock::now().time_since_epoch()}.count());
}

Deadline deadline_at(std::uint64_t steady_ns) {
    const auto bound = static_cast<std::uint64_t>(Deadline::max().time_since_epoch().count());
    if (steady_ns > bound) return Deadline::max();
    return Deadline{std::chrono::nanoseconds{static_cast<std::int64_t>(steady_ns)}};
}

Deadline deadline_in(std::chrono::nanoseconds timeout) {
    const auto now = std::chrono::steady_clock::now();
    return timeout > Deadline::max() - now ? Deadline::max() : now + timeout;
}

void sleep_on(control::Session& session, int handle, Deadline deadline) {
    const int control = session.control_descriptor();
    std::array<pollfd, 3> watched{
        pollfd{.fd = handle, .events = POLLIN, .revents = 0},
        pollfd{.fd = session.termination_descriptor(), .events = POLLIN, .revents = 0},
        pollfd{.fd = control, .events = POLLIN, .revents = 0}};
    const timespec timeout = time_until(deadline);
    // A signal ends it early: the caller looks again.
    (void)::ppoll(watched.data(), watched.size(), &timeout, nullptr);
    if (control >= 0) session.process();
}

bool fence_before_sleep(const control::Session& session) {
    if (session.membarrier_available()) return shm::heavy_fence();
    // Then the other end knows that it cannot be called, and has a full fence of its own.
    ring::StdAtomics::full_fence();
    return true;
}

}  // namespace ipc::port
