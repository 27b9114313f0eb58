// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shm/system_error.hpp"
#include "shm/unique_fd.hpp"
#include "wire/uuid.hpp"

#include <tl/expected.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <unordered_map>
#include <utility>

namespace ipc::control {

// What a port sleeps on: an epoll set of its own process, in which there is one end of a wake line for each
// counterpart, and an event for the process itself.
//
// A wake line is a pair of connected sockets, shut in both directions by the broker before anybody has them:
// nothing can be sent through it, no descriptor either, and there is nothing to read. What is left is that
// shutting one end once more is news at the other. So whoever holds an end can wake, and nothing else: each
// counterpart has a line of its own, so nobody can keep another's news back; and nothing that either side
// does with its end makes the other one wait. (A pipe has a lock that whoever holds an end can keep for as
// long as he likes, by a splice from a socket that is silent; an event descriptor has flags that both ends
// share.)
//
// Edge-triggered: what is looked at once is quiet until the next shutdown.
class WakeSet {
 public:
    static tl::expected<std::shared_ptr<WakeSet>, shm::SystemError> create();

    // Readable after somebody woke, until it is drained. Never changes.
    int descriptor() const { return set_.get(); }
    // By any thread of this process.
    void wake() const;

    // Whether a connection has no line yet: then its peer may believe that it can wake, and cannot. By any
    // thread.
    bool is_incomplete() const { return missing_.load(std::memory_order_relaxed) != 0; }

    // By one thread at a time. There is such a connection; its line comes, in place of the one that it had;
    // it is gone. Each line, when it is added, is news once.
    void expect(wire::Uuid connection);
    tl::expected<void, shm::SystemError> add(wire::Uuid connection, shm::UniqueFd line);
    void remove(wire::Uuid connection);
    bool has(wire::Uuid connection) const;

    // In a forked child, where the set is still the parent's.
    void close_descriptors();

 private:
    WakeSet(shm::UniqueFd set, shm::UniqueFd own) : set_{std::move(set)}, own_{std::move(own)} {}

    shm::UniqueFd set_;
    shm::UniqueFd own_;
    std::unordered_map<wire::Uuid, shm::UniqueFd> lines_;  // empty: it is missing
    std::atomic<std::size_t> missing_{0};
};

}  // namespace ipc::control
