// SPDX-License-Identifier: Apache-2.0
#include "stop_signal.hpp"

#include <sys/eventfd.h>

#include <utility>

namespace ipc::wait_set {

namespace {

// Nobody is woken so often that wakes add up to a stop; and where further stops do not fit, one is there.
constexpr eventfd_t one_wake = 1;
constexpr eventfd_t one_stop = eventfd_t{1} << 62;

}  // namespace

tl::expected<std::shared_ptr<StopSignal>, shm::SystemError> StopSignal::create() {
    shm::UniqueFd event{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    if (!event) return shm::failed("eventfd");
    return std::make_shared<StopSignal>(std::move(event));
}

// In a forked child the event is still the parent's.
void StopSignal::ask(Asked what) const {
    if (generation_ == shm::fork_generation())
        ::eventfd_write(event_.get(), what == Asked::stop ? one_stop : one_wake);
}

StopSignal::Asked StopSignal::take() const {
    eventfd_t count = 0;
    ::eventfd_read(event_.get(), &count);
    return count >= one_stop ? Asked::stop : Asked::wake;
}

}  // namespace ipc::wait_set
