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

// Likewise, of a block that travels this way.
template <class Way>
[[gnu::always_inline]] inline void SendingPort::end_loan_of(ring::ChunkId chunk) {
    if constexpr (Way::in_first_segment)
        books_.release_reference(chunk);
    else
        give_back(chunk);
    loaned_.set(loaned_.value() - 1);
}

template <class Way>
[[gnu::always_inline]] inline void SendingPort::refer_to(ring::ChunkId chunk, std::uint32_t count) {
    if constexpr (Way::in_first_segment)
        books_.add_references(chunk, count);
    else
        add_references(chunk, count);
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

// How a block travels. What is the same for all that go this way is constant: the compiler keeps the rest in
// registers and on the stack, each word of which is one more store on the way.
//
// As all blocks of fixed size do.
class SendingPort::FixedWay {
 public:
    static constexpr bool has_elements = false;
    static constexpr bool in_first_segment = true;
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

// As slices do, wherever they are.
struct SendingPort::SliceWay {
    static constexpr bool has_elements = true;
    static constexpr bool in_first_segment = false;
    std::uint64_t elements;
    bool travels_in_slot;
    std::uint8_t index;
    std::uint64_t length;  // in words
    const std::byte* start;

    bool in_slot() const { return travels_in_slot; }
    // Whether that receiver has the memory in which the block is.
    bool is_taken_by(const OutgoingPeer& peer) const {
        return travels_in_slot || index == 0 || peer.has_segment(index);
    }
    bool is_grown() const { return index != 0; }
    std::uint8_t segment() const { return index; }
    const std::byte* segment_start() const { return start; }
    std::uint64_t words() const { return length; }
    std::uint64_t last_word() const { return (length - 1) * sizeof(std::uint64_t); }
};

// As one does that is short enough for its slot.
struct SendingPort::SliceInSlotWay : SliceWay {
    static constexpr bool has_elements = false;
    static constexpr bool in_slot() { return true; }
    static constexpr bool is_taken_by(const OutgoingPeer& /*peer*/) { return true; }
};

// As one does that is in the segment which is there from the beginning.
struct SendingPort::SliceInFirstSegmentWay : SliceWay {
    static constexpr bool in_first_segment = true;
    static constexpr bool in_slot() { return false; }
    static constexpr bool is_taken_by(const OutgoingPeer& /*peer*/) { return true; }
    static constexpr bool is_grown() { return false; }
    static constexpr std::uint8_t segment() { return 0; }
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
        if constexpr (Way::has_elements) ring.sender.announce_elements(way.elements);
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
    if (!way.in_slot()) refer_to<Way>(chunk, delivered);
    delivered_.add(delivered);
    if (awaiting_ != 0 || corruption_found_) [[unlikely]]
        return settle({.sequence = sequence, .chunk = chunk, .delivered = delivered});
    end_loan_of<Way>(chunk);
    if (!way.in_slot() && !way.is_grown()) prepare_next(rings, way.last_word());
    return delivered;
}

[[gnu::always_inline]] inline std::int64_t SendingPort::send_through(std::span<OutgoingRing* const> rings,
                                                                     std::uint64_t sequence,
                                                                     ring::ChunkId chunk) {
    return send_block(rings, sequence, chunk, segment_ + books_.offset(chunk), FixedWay{*this});
}

// Likewise of slices: how long its block is, it says itself.
[[gnu::always_inline]] inline detail::LoanedChunk SendingPort::loan_slice_now(std::uint64_t elements) {
    if (grown_) trim_now_and_then();
    const detail::LoanedChunk loaned = elements > settings_.max_slice_len ? loan_grown(elements) : loan_now();
    if (loaned.payload == nullptr) return loaned;
    std::byte* const block = static_cast<std::byte*>(loaned.payload) - payload_offset_;
    ring::StdAtomics::word(block, block_.elements_offset).store(elements, std::memory_order_relaxed);
    return loaned;
}

[[gnu::always_inline]] inline SendingPort::SliceWay SendingPort::slice_way(ring::ChunkId chunk,
                                                                           const std::byte* block) const {
    const std::uint64_t elements =
        ring::StdAtomics::word(block, block_.elements_offset).load(std::memory_order_relaxed);
    const std::uint64_t words = block_.words_of(elements);
    const bool grown = GrownSegments::holds(chunk);
    return {.elements = elements,
            .travels_in_slot = words <= slot_words_,
            .index = grown ? GrownSegments::number_of(chunk) : std::uint8_t{0},
            .length = words,
            .start = grown ? grown_->start(chunk) : segment_};
}

[[gnu::always_inline]] inline std::int64_t SendingPort::send_slice_through(
    std::span<OutgoingRing* const> rings, std::uint64_t sequence, ring::ChunkId chunk) {
    const std::byte* const block = block_at(chunk);
    const SliceWay way = slice_way(chunk, block);
    if (way.in_slot()) return send_block(rings, sequence, chunk, block, SliceInSlotWay{way});
    if (!way.is_grown()) return send_block(rings, sequence, chunk, block, SliceInFirstSegmentWay{way});
    return send_block(rings, sequence, chunk, block, way);
}

inline detail::LoanedChunk SendingPort::loan_elements(std::uint64_t elements) {
    if (is_slice_) [[unlikely]]
        return loan_slice_out_of_line(elements);
    if (elements != 1) return no_loan(LoanError::ExceedsMaxLoanSize);
    return loan_now();
}

inline std::int64_t SendingPort::send_any(std::span<OutgoingRing* const> rings, std::uint64_t sequence,
                                          ring::ChunkId chunk) {
    if (is_slice_) [[unlikely]]
        return send_slice_out_of_line(rings, sequence, chunk);
    return send_through(rings, sequence, chunk);
}

}  // namespace ipc::port
