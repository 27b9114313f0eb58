// SPDX-License-Identifier: Apache-2.0
#include "control/wake_set.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>

namespace ipc::control {

namespace {

tl::expected<void, shm::SystemError> watch(const shm::UniqueFd& set, const shm::UniqueFd& watched) {
    epoll_event interest{};
    interest.events = EPOLLIN | EPOLLET;
    if (::epoll_ctl(set.get(), EPOLL_CTL_ADD, watched.get(), &interest) != 0)
        return shm::failed("watching a wake line");
    return {};
}

}  // namespace

tl::expected<std::shared_ptr<WakeSet>, shm::SystemError> WakeSet::create() {
    shm::UniqueFd set{::epoll_create1(EPOLL_CLOEXEC)};
    if (!set) return shm::failed("epoll_create1");
    shm::UniqueFd own{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    if (!own) return shm::failed("eventfd");
    if (auto watched = watch(set, own); !watched) return tl::unexpected{watched.error()};
    return std::shared_ptr<WakeSet>{new WakeSet{std::move(set), std::move(own)}};
}

void WakeSet::wake() const {
    (void)::eventfd_write(own_.get(), 1);  // never read: each write is an edge, and nobody writes so often
}

void WakeSet::expect(wire::Uuid connection) {
    if (lines_.try_emplace(connection).second) missing_.fetch_add(1, std::memory_order_relaxed);
}

tl::expected<void, shm::SystemError> WakeSet::add(wire::Uuid connection, shm::UniqueFd line) {
    if (auto watched = watch(set_, line); !watched) return watched;
    remove(connection);
    lines_.emplace(connection, std::move(line));
    return {};
}

void WakeSet::remove(wire::Uuid connection) {
    const auto line = lines_.extract(connection);
    if (!line) return;
    // A forked child may have a copy, with which it would stay in the set.
    if (line.mapped())
        (void)::epoll_ctl(set_.get(), EPOLL_CTL_DEL, line.mapped().get(), nullptr);
    else
        missing_.fetch_sub(1, std::memory_order_relaxed);
}

bool WakeSet::has(wire::Uuid connection) const {
    const auto line = lines_.find(connection);
    return line != lines_.end() && line->second;
}

void WakeSet::close_descriptors() {
    lines_.clear();
    own_.reset();
    set_.reset();
}

}  // namespace ipc::control
