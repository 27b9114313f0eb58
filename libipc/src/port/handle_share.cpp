// SPDX-License-Identifier: Apache-2.0
#include "port/handle_share.hpp"

#include "port/wake.hpp"
#include "wire/refusal.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace ipc::port {

namespace {

control::CallFailure shortage(const char* call) {
    return {.kind = control::CallFailure::Kind::Refused,
            .refusal = wire::Refusal::OutOfMemory,
            .message = std::string{call} + ": " + std::generic_category().message(errno)};
}

bool watch(int set, int handle) {
    epoll_event interest{};
    interest.events = EPOLLIN;
    return ::epoll_ctl(set, EPOLL_CTL_ADD, handle, &interest) == 0;
}

}  // namespace

void SharedHandle::hand_on(const HandleShare& reader) {
    const std::lock_guard lock{mutex_};
    for (const HandleShare* share : shares_)
        if (share != &reader) (void)::eventfd_write(share->event_.get(), 1);  // full: readable already
}

HandleShare::~HandleShare() {
    const std::lock_guard lock{shared_.mutex_};
    std::erase(shared_.shares_, this);
}

tl::expected<int, control::CallFailure> HandleShare::readable(control::Session& session, wire::Uuid port,
                                                              control::Patience patience) {
    if (const int known = readable_.load(std::memory_order_acquire); known >= 0) return known;
    auto handle = shared_.handle_.readable(session, port, patience);
    if (!handle) return handle;
    const std::lock_guard lock{making_};
    if (const int known = readable_.load(std::memory_order_relaxed); known >= 0) return known;
    handle_.store(*handle, std::memory_order_relaxed);
    if (shared_.several_) {
        handle = make_event();
        if (!handle) return handle;
    }
    readable_.store(*handle, std::memory_order_release);  // pairs with the first line
    return handle;
}

tl::expected<int, control::CallFailure> HandleShare::make_event() {
    shm::UniqueFd event{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    if (!event) return tl::unexpected{shortage("eventfd")};
    shm::UniqueFd both{::epoll_create1(EPOLL_CLOEXEC)};
    if (!both) return tl::unexpected{shortage("epoll_create1")};
    if (!watch(both.get(), handle_.load(std::memory_order_relaxed)) || !watch(both.get(), event.get()))
        return tl::unexpected{shortage("epoll_ctl")};
    event_ = std::move(event);
    both_ = std::move(both);
    // Before it ever raises: a wake-up for it that comes later, and that another drains, is told to it.
    const std::lock_guard lock{shared_.mutex_};
    shared_.shares_.push_back(this);
    return both_.get();
}

bool HandleShare::drain() {
    bool something = port::drain(handle_.load(std::memory_order_relaxed));
    if (!shared_.several_) return something;
    if (something) shared_.hand_on(*this);
    std::uint64_t count = 0;
    // Not an error: nobody has told this one anything.
    if (::eventfd_read(event_.get(), &count) == 0) something = true;
    return something;
}

void HandleShare::wake() const {
    if (!shared_.several_) return shared_.wake();
    // Who has nothing to sleep on yet looks before it sleeps. Acquire: pairs with readable(), for the event.
    if (readable_.load(std::memory_order_acquire) >= 0) (void)::eventfd_write(event_.get(), 1);
}

}  // namespace ipc::port
