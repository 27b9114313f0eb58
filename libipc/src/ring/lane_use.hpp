// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ring/slot.hpp"

#include <atomic>
#include <cstdint>

namespace ipc::ring {

// Which request a lane serves just now, and whether its connection is over. One word, so that of who ends the
// request and who ends the connection exactly one is the last: until then both find the connection.
template <class Atomics>
class LaneUse {
 public:
    // False: the connection is over.
    [[nodiscard]] bool begin(std::uint64_t request) {
        std::uint64_t unused = 0;
        // Acquire: pairs with open(), for the connection.
        return word_.compare_exchange_strong(unused, request, std::memory_order_acquire,
                                             std::memory_order_relaxed);
    }
    // True: the connection is over, and this was the last.
    [[nodiscard]] bool end() {
        // Release: what the request did here is over. Acquire: who clears up has seen what all others did.
        return (word_.fetch_and(over, std::memory_order_acq_rel) & over) != 0;
    }

    void open() { word_.store(0, std::memory_order_release); }  // pairs with begin()
    // The connection is over. True: no request is served, and this was the first to say so.
    [[nodiscard]] bool close() { return word_.fetch_or(over, std::memory_order_acq_rel) == 0; }

    bool serves(std::uint64_t request) const {
        return (word_.load(std::memory_order_relaxed) & ~over) == request;
    }
    bool serves_any() const { return !serves(0); }

 private:
    static constexpr std::uint64_t over = counting_bound;  // numbers of requests are below it
    typename Atomics::template Atomic<std::uint64_t> word_{over};
};

}  // namespace ipc::ring
