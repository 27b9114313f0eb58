// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>

namespace ipc::ring {

// What is done before a thread sleeps, in the one order that loses no wake-up; by a receiver that found
// nothing, and by a sender that found no room (to which room is what data is to a receiver):
//
// 1. drain(): take note of who woke so far. After raising would be too late: a wake-up for this very raise
//    would be swallowed, and none follows, for the other side wakes once a generation.
// 2. raise the wake word of every connection.
// 3. heavy_fence(): the other side either sees the raise after it published, or its publication is seen in 4.
// 4. look at every connection again.
//
// Returns whether something is there. A receiver then wakes itself; a sender goes on.
// `connections` is any range of things with raise_wake() and has_data(). Where connections are added
// meanwhile, by somebody who adds and then wakes, it is looked through as it is at 2. and at 4., and no
// earlier: then that wake-up is either drained before the connection is raised, or is still there.
template <class Connections, class Drain, class HeavyFence>
[[nodiscard]] bool arm(Connections&& connections, Drain&& drain, HeavyFence&& heavy_fence) {
    drain();
    for (auto&& connection : connections) connection.raise_wake();
    heavy_fence();
    for (auto&& connection : connections)
        if (connection.has_data()) return true;
    return false;
}

// Of a port that several threads arm: whether it is armed. One that is, and was not woken, stays as it is,
// for nobody was told to wake it yet: so looking in vain costs little.
template <class Atomics>
class Arming {
 public:
    enum class Armed : std::uint8_t {
        quiet,            // it is woken when something comes
        something_there,  // it has to wake itself
        unordered,        // the fence failed, and it may not be woken
    };

    // Besides what arm() says: drain() tells whether somebody woke, heavy_fence() whether it worked, and
    // also_there() whether there is something that came another way, and was followed by a wake-up.
    template <class Connections, class Drain, class HeavyFence, class AlsoThere>
    [[nodiscard]] Armed arm(Connections&& connections, Drain&& drain, HeavyFence&& heavy_fence,
                            AlsoThere&& also_there) {
        // Whoever drains a wake-up raises and looks afterwards, here or in another thread.
        if (armed_.load(std::memory_order_acquire) && !drain()) return Armed::quiet;  // pairs with the end
        armed_.store(false, std::memory_order_relaxed);
        bool ordered = true;
        const bool something = ring::arm(
            connections, [&] { (void)drain(); }, [&] { ordered = heavy_fence(); });
        if (something || also_there()) return Armed::something_there;
        if (!ordered) return Armed::unordered;
        armed_.store(true, std::memory_order_release);
        return Armed::quiet;
    }
    // There is a connection that was not raised with the others; a wake-up follows.
    void disturb() { armed_.store(false, std::memory_order_relaxed); }

 private:
    typename Atomics::template Atomic<bool> armed_{false};  // raised, fenced, looked, and nothing came since
};

}  // namespace ipc::ring
