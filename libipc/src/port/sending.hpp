// SPDX-License-Identifier: Apache-2.0
// The way of a block through its port, inlined where it is sent: no system call, no allocation, no lock (but
// in a thread_safe port), no read-modify-write and no fence instruction, as long as no receiver sleeps and
// none is full. Inlined, and its own parts into it, for each store to the stack is one more that waits in
// front of the next slot's.
#pragma once

#include "port/sending_port.hpp"

namespace ipc::port {

inline detail::LoanedChunk no_loan(LoanError error) {
    return {.payload = nullptr, .chunk_or_error = static_cast<std::uint32_t>(error)};
}

inline std::int64_t not_sent(SendError error) {
    return -1 - static_cast<std::int64_t>(error);
}

[[gnu::always_inline]] inline detail::LoanedChunk SendingPort::loan_now() {
    if (loaned_.value() >= max_loaned_) return no_loan(LoanError::ExceedsMaxLoans);
    auto chunk = books_.acquire();
    if (!chunk) [[unlikely]] {
        chunk = find_chunk();
        if (!chunk) return no_loan(LoanError::OutOfMemory);
    }
    loaned_.add(1);
    return {.payload = segment_ + books_.offset(*chunk) + payload_offset_, .chunk_or_error = *chunk};
}

// What the next send will ask of this receiver: now, while it is busy with the sample, rather than then.
// Where there is room and a ticket, nothing is touched.
inline void SendingPort::look_ahead(OutgoingRing& ring) {
    if (!ring.sender.has_room() &&
        ring.sender.room() == ring::DeliverySender<ring::StdAtomics>::Room::corrupted) [[unlikely]]
        note_corruption(ring);
}

inline void SendingPort::end_loan(ring::ChunkId chunk) {
    give_back(chunk);
    loaned_.set(loaned_.value() - 1);
}

inline void SendingPort::end_loan(const FixedWay& /*way*/, ring::ChunkId chunk) {
    books_.release_reference(chunk);
    loaned_.set(loaned_.value() - 1);
}

// The next chunk was read by a receiver, so its lines have to come back before they can be written. They do
// so while that receiver is busy with this sample, where writing begins and where it ends. (A prefetch for
// writing does nothing for a line that is here already, shared.)
inline void SendingPort::prepare_next(std::span<OutgoingRing* const> rings, std::uint64_t last_word) {
    for (OutgoingRing* const ring : rings)
        if (!ring->sender.has_ticket()) collect(*ring);
    if (corruption_found_) [[unlikely]]
        cut_corrupted();
    // Where nothing but this sample is out, nothing has come back yet: the look would only take lines away
    // from a receiver that is about to write them.
    if (!books_.has_ready() && books_.in_use() > 1) collect();
    const ring::ChunkId next = books_.next_used();
    if (next == ring::no_chunk) return;
    std::byte* const block = segment_ + books_.offset(next);
    ring::StdAtomics::word(block, 0).store(0, std::memory_order_relaxed);
    ring::StdAtomics::word(block, last_word).store(0, std::memory_order_relaxed);
}

class SendingPort::FixedWay {
 public:
    explicit FixedWay(const SendingPort& port) : port_{port} {}

    bool in_slot() const { return port_.in_slot_; }
    static constexpr bool is_taken_by(const OutgoingPeer& /*peer*/) { return true; }
    static constexpr bool is_grown() { return false; }
    static constexpr std::uint8_t segment() { return 0; }
    const std::byte* segment_start() const { return port_.segment_; }
    std::uint64_t words() const { return port_.block_words_; }
    std::uint64_t last_word() const { return port_.last_word_; }

 private:
    const SendingPort& port_;
};

template <class Way>
[[gnu::always_inline]] inline SendingPort::Delivery SendingPort::deliver(
    OutgoingRing& ring, std::uint64_t sequence, ring::ChunkId chunk, const std::byte* block, const Way& way) {
    if (!way.is_taken_by(*ring.peer)) [[unlikely]]
        return without_memory(ring);
    if (!ring.sender.has_room()) [[unlikely]]
        if (const Delivery made = make_room(ring); made != Delivery::delivered) return made;
    if (way.in_slot()) {
        ring.sender.publish_in_slot(sequence, reinterpret_cast<const std::uint64_t*>(block),
                                    static_cast<std::size_t>(way.words()));
    } else {
        if (!ring.sender.ticket_ready([this](ring::ChunkId back) { give_back(back); })) [[unlikely]]
            return Delivery::corrupted;
        const auto offset = static_cast<std::uint64_t>(block - way.segment_start());
        ring.sender.publish_by_reference(sequence, way.segment(),
                                         static_cast<std::uint32_t>(offset >> unit_shift_), chunk);
    }
    if (ring.sender.receiver_wants_wake()) [[unlikely]]
        ring.peer->receiver_handle.wake();
    ring.written.add(1);
    return Delivery::delivered;
}

// To each of the rings; how many took it, or -1 - the error.
template <class Way>
[[gnu::always_inline]] inline std::int64_t SendingPort::send_block(std::span<OutgoingRing* const> rings,
                                                                   std::uint64_t sequence,
                                                                   ring::ChunkId chunk,
                                                                   const std::byte* block, const Way& way) {
    std::uint32_t delivered = 0;
    for (OutgoingRing* const ring : rings) {
        const Delivery outcome = deliver(*ring, sequence, chunk, block, way);
        if (outcome == Delivery::delivered) [[likely]]
            ++delivered;
        else
            note_failure(outcome, *ring);
        look_ahead(*ring);
    }
    if (!way.in_slot()) refer_to(way, chunk, delivered);
    delivered_.add(delivered);
    if (awaiting_ != 0 || corruption_found_) [[unlikely]]
        return settle({.sequence = sequence, .chunk = chunk, .delivered = delivered});
    end_loan(way, chunk);
    if (!way.in_slot() && !way.is_grown()) prepare_next(rings, way.last_word());
    return delivered;
}

[[gnu::always_inline]] inline std::int64_t SendingPort::send_through(std::span<OutgoingRing* const> rings,
                                                                     std::uint64_t sequence,
                                                                     ring::ChunkId chunk) {
    return send_block(rings, sequence, chunk, segment_ + books_.offset(chunk), FixedWay{*this});
}

inline detail::LoanedChunk SendingPort::loan_elements(std::uint64_t elements) {
    if (is_slice_) [[unlikely]]
        return loan_slice_now(elements);
    if (elements != 1) return no_loan(LoanError::ExceedsMaxLoanSize);
    return loan_now();
}

inline std::int64_t SendingPort::send_any(std::span<OutgoingRing* const> rings, std::uint64_t sequence,
                                          ring::ChunkId chunk) {
    if (is_slice_) [[unlikely]]
        return send_slice_through(rings, sequence, chunk);
    return send_through(rings, sequence, chunk);
}

}  // namespace ipc::port
