// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ring/atomics.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace ipc::ring {

// What every connection has for a receiver that sleeps: its wake generation, whether the sender can wake it,
// and whether it is still interested. `Segment` is the layout that says where. Each half is the base of the
// ring's half, and has its segment.

// Used by one thread at a time.
template <class Atomics, class Segment>
class WakingSender {
 public:
    // After a publication: whether somebody waits who has not been woken since he began to. Then
    // a wake-up is due; the answer is given once for each generation of waiting.
    [[nodiscard]] bool receiver_wants_wake() {
        wake_fence<Atomics>(fence_);
        // Acquire: pairs with WakingReceiver::raise_wake(), so that the wake-up comes after the receiver
        // has drained those before.
        std::uint64_t const generation = shared(Segment::receiver_wake).load(std::memory_order_acquire);
        if (generation == woken_for_) [[likely]]
            return false;
        woken_for_ = generation;
        return true;
    }
    void set_wake_fence(WakeFence fence) { fence_ = fence; }

    // The sender holds a handle to wake the receiver with.
    void confirm_receiver_handle() {
        // Release: pairs with WakingReceiver::sender_has_handle().
        shared(Segment::receiver_handle_known).store(1, std::memory_order_release);
    }

    // Whether nobody takes anything any more.
    bool receiver_closed() const {
        // Acquire: pairs with WakingReceiver::close().
        return shared(Segment::receiver_closed).load(std::memory_order_acquire) != 0;
    }

 protected:
    explicit WakingSender(std::byte* segment) : segment_(segment) {}
    decltype(auto) shared(std::uint64_t offset) const { return Atomics::word(segment_, offset); }

    std::byte* segment_;

 private:
    std::uint64_t woken_for_ = 0;
    WakeFence fence_ = WakeFence::full;
};

// Used by any number of threads.
template <class Atomics, class Segment>
class WakingReceiver {
 public:
    // Before a receiver sleeps; see arming.hpp for the order in which.
    void raise_wake() {
        // Release: pairs with WakingSender::receiver_wants_wake().
        shared(Segment::receiver_wake).fetch_add(1, std::memory_order_release);
    }

    [[nodiscard]] bool sender_has_handle() const {
        // Acquire: pairs with WakingSender::confirm_receiver_handle().
        return shared(Segment::receiver_handle_known).load(std::memory_order_acquire) != 0;
    }

    // This receiver will take nothing more.
    void close() {
        // Release: pairs with WakingSender::receiver_closed(). Only the news counts; nothing is handed over.
        shared(Segment::receiver_closed).store(1, std::memory_order_release);
    }

 protected:
    explicit WakingReceiver(std::byte* segment) : segment_(segment) {}
    decltype(auto) shared(std::uint64_t offset) const { return Atomics::word(segment_, offset); }

    std::byte* segment_;
};

}  // namespace ipc::ring
