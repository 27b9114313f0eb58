// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/session.hpp"
#include "layout/counters.hpp"
#include "layout/limits.hpp"
#include "port/counter.hpp"
#include "port/peer_handle.hpp"
#include "ring/atomics.hpp"
#include "ring/delivery_sender.hpp"
#include "wire/uuid.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace ipc::port {

// The other end of what a sending port sends through: one receiving port.
struct OutgoingPeer {
    OutgoingPeer(wire::Uuid connection, wire::Uuid port) : id{connection}, peer_port{port} {}

    wire::Uuid id;  // of the connection
    wire::Uuid peer_port;
    PeerHandle receiver_handle;

    // Which further segments of the port the receiver has mapped, as far as is known. The first it has
    // always.
    bool has_segment(std::uint32_t number) const {
        // Acquire: pairs with note_segment(): what comes to the receiver after this finds it mapped.
        return number == 0 ||
               (segments_[number / 64].load(std::memory_order_acquire) >> number % 64 & 1) != 0;
    }
    // The control thread's.
    void note_segment(std::uint32_t number) {
        segments_[number / 64].fetch_or(std::uint64_t{1} << number % 64, std::memory_order_release);
    }
    void forget_segment(std::uint32_t number) {
        segments_[number / 64].fetch_and(~(std::uint64_t{1} << number % 64), std::memory_order_relaxed);
    }

 private:
    std::array<std::atomic<std::uint64_t>, 4> segments_{};
};
static_assert(layout::max_further_segments < 256);

// The sending half of one ring, and what the port notes about it. The control thread makes it; then it is the
// port's alone.
struct OutgoingRing {
    // `written`: of the connection's half, which may have several rings.
    OutgoingRing(OutgoingPeer& its_peer, std::byte* segment, const layout::Connection& layout,
                 Counter written_total, ring::WakeFence fence)
        : sender{segment, layout}, written{written_total}, peer{&its_peer} {
        sender.set_wake_fence(fence);
    }

    ring::DeliverySender<ring::StdAtomics> sender;
    Counter written;
    OutgoingPeer* peer;
    std::uint64_t stream = 1;         // whose receiver may close it; see DeliverySender::receiver_closed()
    std::uint64_t stream_start = 0;   // its position; what waits before it, of older streams, nobody takes
    std::uint64_t displaced_end = 0;  // behind what made room last
    bool awaits_room = false;         // for what is being sent
    bool corrupted = false;
};

// Where a sending half counts what it has written.
inline Counter written_counter(control::Session& session, std::uint32_t record) {
    return Counter{session.counters(record)[static_cast<std::size_t>(layout::SendingHalfCounter::written)]};
}

}  // namespace ipc::port
