// SPDX-License-Identifier: Apache-2.0
#include "poll_set.hpp"

namespace ipc::control {

tl::expected<PollSet, shm::SystemError> PollSet::create() {
    PollSet set;
    set.epoll_ = shm::UniqueFd{::epoll_create1(EPOLL_CLOEXEC)};
    if (!set.epoll_) return shm::failed("epoll_create1");
    return set;
}

tl::expected<void, shm::SystemError> PollSet::add(int descriptor, std::uint32_t events, std::uint64_t token) {
    epoll_event event{.events = events, .data = {.u64 = token}};
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, descriptor, &event) != 0) return shm::failed("epoll_ctl");
    return {};
}

void PollSet::change(int descriptor, std::uint32_t events, std::uint64_t token) {
    epoll_event event{.events = events, .data = {.u64 = token}};
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, descriptor, &event);
}

void PollSet::remove(int descriptor) {
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, descriptor, nullptr);
}

std::span<const epoll_event> PollSet::wait(int timeout_ms) {
    const int count =
        ::epoll_wait(epoll_.get(), events_.data(), static_cast<int>(events_.size()), timeout_ms);
    return {events_.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
}

}  // namespace ipc::control
