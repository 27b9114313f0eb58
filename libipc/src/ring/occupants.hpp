// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>

namespace ipc::ring {

// Who is in a place just now: threads that use its connection, and none of which holds it for longer than a
// call. Whoever ends the connection closes the door, and the last to leave afterwards clears up.
template <class Atomics>
class Occupants {
 public:
    // False: the door is closed.
    [[nodiscard]] bool enter() {
        std::uint64_t now = word_.load(std::memory_order_relaxed);
        do {
            if ((now & closed) != 0) return false;
            // Acquire: pairs with open(), for the connection.
        } while (
            !word_.compare_exchange_weak(now, now + 1, std::memory_order_acquire, std::memory_order_relaxed));
        return true;
    }
    // True: the door is closed, and this was the last.
    [[nodiscard]] bool leave() {
        // Release: what was done inside is over. Acquire: who clears up has seen what all others did.
        return word_.fetch_sub(1, std::memory_order_acq_rel) == (closed | 1);
    }

    void open() { word_.store(0, std::memory_order_release); }  // pairs with enter()
    // True: nobody is inside. Called once for each open().
    [[nodiscard]] bool close() { return word_.fetch_or(closed, std::memory_order_acq_rel) == 0; }

 private:
    static constexpr std::uint64_t closed = std::uint64_t{1} << 63;
    typename Atomics::template Atomic<std::uint64_t> word_{closed};
};

}  // namespace ipc::ring
