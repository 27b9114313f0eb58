// SPDX-License-Identifier: Apache-2.0
#include "timers.hpp"

#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <ctime>

namespace ipc::wait_set {

namespace {

itimerspec expiring_at(TimePoint time) {
    // 0 would disarm it.
    const auto since_boot =
        std::max<std::chrono::nanoseconds>(time.time_since_epoch(), std::chrono::nanoseconds{1});
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(since_boot);
    itimerspec expiry{};
    expiry.it_value.tv_sec = static_cast<std::time_t>(seconds.count());
    expiry.it_value.tv_nsec = static_cast<long>((since_boot - seconds).count());
    return expiry;
}

}  // namespace

tl::expected<Timers, shm::SystemError> Timers::create() {
    Timers timers;
    // steady_clock is CLOCK_MONOTONIC.
    timers.timer_ = shm::UniqueFd{::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)};
    if (!timers.timer_) return shm::failed("timerfd_create");
    return timers;
}

std::optional<Timers::Entry> Timers::take(TimePoint now) {
    if (queue_.empty() || queue_.begin()->due > now) return std::nullopt;
    return queue_.extract(queue_.begin()).value();
}

void Timers::fired() {
    std::uint64_t count = 0;
    (void)!::read(timer_.get(), &count, sizeof count);
    armed_ = never;
}

// What is armed too early stays: it fires once with nothing due, and that is cheaper than telling the kernel
// of every event that puts a deadline off.
void Timers::arm() {
    const TimePoint first = queue_.empty() ? never : queue_.begin()->due;
    if (first >= armed_) return;
    const itimerspec expiry = expiring_at(first);
    ::timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &expiry, nullptr);
    armed_ = first;
}

}  // namespace ipc::wait_set
