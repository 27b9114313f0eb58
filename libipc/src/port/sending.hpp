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

// The next chunk was read by a receiver, so its lines have to come back before they can be written. They do
// so while that receiver is busy with this sample, where writing begins and where it ends. (A prefetch for
// writing does nothing for a line that is here already, shared.)
inline void SendingPort::prepare_next(std::span<OutgoingRing* const> rings) {
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
    ring::StdAtomics::word(block, last_word_).store(0, std::memory_order_relaxed);
}

[[gnu::always_inline]] inline SendingPort::Delivery SendingPort::deliver(OutgoingRing& ring,
                                                                         std::uint64_t sequence,
                                                                         ring::ChunkId chunk,
                                                                         const std::byte* block) {
    if (!ring.sender.has_room()) [[unlikely]]
        if (const Delivery made = make_room(ring); made != Delivery::delivered) return made;
    if (in_slot_) {
        ring.sender.publish_in_slot(sequence, reinterpret_cast<const std::uint64_t*>(block), block_words_);
    } else {
        if (!ring.sender.ticket_ready([this](ring::ChunkId back) { give_back(back); })) [[unlikely]]
            return Delivery::corrupted;
        const auto offset = static_cast<std::uint64_t>(block - segment_);
        ring.sender.publish_by_reference(sequence, 0, static_cast<std::uint32_t>(offset >> unit_shift_),
                                         chunk);
    }
    if (ring.sender.receiver_wants_wake()) [[unlikely]]
        ring.peer->receiver_handle.wake();
    ring.written.add(1);
    return Delivery::delivered;
}

// To each of the rings; how many took it, or -1 - the error.
[[gnu::always_inline]] inline std::int64_t SendingPort::send_through(std::span<OutgoingRing* const> rings,
                                                                     std::uint64_t sequence,
                                                                     ring::ChunkId chunk) {
    const std::byte* const block = segment_ + books_.offset(chunk);
    std::uint32_t delivered = 0;
    for (OutgoingRing* const ring : rings) {
        const Delivery outcome = deliver(*ring, sequence, chunk, block);
        if (outcome == Delivery::delivered) [[likely]]
            ++delivered;
        else
            note_failure(outcome, *ring);
        look_ahead(*ring);
    }
    if (!in_slot_) books_.add_references(chunk, delivered);
    delivered_.add(delivered);
    if (awaiting_ != 0 || corruption_found_) [[unlikely]]
        return settle({.sequence = sequence, .chunk = chunk, .delivered = delivered});
    end_loan(chunk);
    if (!in_slot_) prepare_next(rings);
    return delivered;
}

}  // namespace ipc::port
