// SPDX-License-Identifier: Apache-2.0
// The way of a sample through its publisher: no system call, no allocation, no lock (but in a thread_safe
// publisher), no read-modify-write and no fence instruction, as long as no receiver sleeps and none is full.
#include "port/publisher_port.hpp"

#include <chrono>
#include <cstring>
#include <utility>

namespace ipc::port {

namespace {

std::uint64_t now_ns() {
    return static_cast<std::uint64_t>(
        std::chrono::nanoseconds{std::chrono::steady_clock::now().time_since_epoch()}.count());
}

detail::LoanedChunk no_loan(LoanError error) {
    return {.payload = nullptr, .chunk_or_error = static_cast<std::uint32_t>(error)};
}

std::int64_t not_sent(SendError error) {
    return -1 - static_cast<std::int64_t>(error);
}

}  // namespace

[[gnu::always_inline]] inline detail::LoanedChunk PublisherPort::loan_now() {
    if (loaned_.value() >= max_loaned_) return no_loan(LoanError::ExceedsMaxLoans);
    auto chunk = books_.acquire();
    if (!chunk) [[unlikely]] {
        chunk = find_chunk();
        if (!chunk) return no_loan(LoanError::OutOfMemory);
    }
    loaned_.add(1);
    return {.payload = segment_ + books_.offset(*chunk) + payload_offset_, .chunk_or_error = *chunk};
}

detail::LoanedChunk PublisherPort::loan() {
    if (needs_attention()) [[unlikely]]
        return loan_attended();
    return loan_now();
}

[[gnu::noinline]] detail::LoanedChunk PublisherPort::loan_attended() {
    if (is_forked_copy()) return no_loan(LoanError::ForkedProcess);
    const auto lock = attend();
    return loan_now();
}

// Nothing free that has been used before: first what came back, then memory that was never touched.
[[gnu::noinline]] std::optional<ring::ChunkId> PublisherPort::find_chunk() {
    collect();
    if (auto chunk = books_.acquire()) return chunk;
    return books_.acquire_fresh();
}

void PublisherPort::collect() {
    for (const Connection& connection : connections_) collect(*connection);
    if (corruption_found_) [[unlikely]]
        cut_corrupted();
}

[[gnu::noinline]] void PublisherPort::collect(OutgoingConnection& connection) {
    if (!connection.sender.collect([this](ring::ChunkId chunk) { give_back(chunk); }))
        note_corruption(connection);
}

// What the next send will ask of this receiver: now, while it is busy with the sample, rather than then.
// Where there is room and a ticket, nothing is touched.
void PublisherPort::look_ahead(OutgoingConnection& connection) {
    if (!connection.sender.has_room() &&
        connection.sender.room() == ring::DeliverySender<ring::StdAtomics>::Room::corrupted) [[unlikely]]
        note_corruption(connection);
}

void PublisherPort::end_loan(ring::ChunkId chunk) {
    give_back(chunk);
    loaned_.set(loaned_.value() - 1);
}

void PublisherPort::return_loan(ring::ChunkId chunk) {
    if (is_forked_copy()) return;
    auto lock = lock_if_shared();
    end_loan(chunk);
    end_if_unused(std::move(lock));
}

// The next chunk was read by a receiver, so its lines have to come back before they can be written. They do
// so while that receiver is busy with this sample, where writing begins and where it ends. (A prefetch for
// writing does nothing for a line that is here already, shared.)
void PublisherPort::prepare_next() {
    for (const Connection& connection : connections_)
        if (!connection->sender.has_ticket()) collect(*connection);
    if (corruption_found_) [[unlikely]]
        cut_corrupted();
    if (!books_.has_ready()) collect();
    const ring::ChunkId next = books_.next_used();
    if (next == ring::no_chunk) return;
    std::byte* const block = segment_ + books_.offset(next);
    ring::StdAtomics::word(block, 0).store(0, std::memory_order_relaxed);
    ring::StdAtomics::word(block, last_word_).store(0, std::memory_order_relaxed);
}

[[gnu::noinline]] void PublisherPort::stamp(std::uint64_t sequence, ring::ChunkId chunk) {
    if (sample_.has_timestamp) {
        const std::uint64_t now = now_ns();
        std::memcpy(segment_ + books_.offset(chunk) + sample_.timestamp_offset, &now, sizeof now);
    }
    if (history_) record_history(sequence, chunk);
}

// Before the deliveries: a receiver that joins between the two finds the sample in the history.
void PublisherPort::record_history(std::uint64_t sequence, ring::ChunkId chunk) {
    books_.add_references(chunk, 1);
    const auto replaced = history_->publish(
        sequence,
        layout::Descriptor{.offset = static_cast<std::uint32_t>(books_.offset(chunk) >> unit_shift_)}, chunk);
    if (replaced != ring::no_chunk) give_back(replaced);
}

[[gnu::noinline]] void PublisherPort::note_failure(Delivery outcome, OutgoingConnection& connection) {
    switch (outcome) {
        case Delivery::delivered:
            break;
        case Delivery::dropped:
            lost_.add(1);
            break;
        case Delivery::full:
            connection.awaits_room = true;
            ++awaiting_;
            break;
        case Delivery::corrupted:
            note_corruption(connection);
            break;
    }
}

// `delivered` means that there is room.
[[gnu::noinline]] PublisherPort::Delivery PublisherPort::make_room(OutgoingConnection& connection) {
    using Room = ring::DeliverySender<ring::StdAtomics>::Room;
    switch (connection.sender.room()) {
        case Room::available:
            return Delivery::delivered;
        case Room::corrupted:
            return Delivery::corrupted;
        case Room::full:
            break;
    }
    if (!overflow_) return connection.sender.receiver_closed() ? Delivery::dropped : Delivery::full;
    using Eviction = ring::DeliverySender<ring::StdAtomics>::Eviction;
    const auto evicted = connection.sender.evict_oldest();
    switch (evicted.outcome) {
        case Eviction::evicted:
            if (evicted.chunk != ring::no_chunk) give_back(evicted.chunk);
            lost_.add(1);
            return Delivery::delivered;
        case Eviction::moved_on:
            return Delivery::delivered;
        case Eviction::held:
            return Delivery::dropped;
        case Eviction::corrupted:
            break;
    }
    return Delivery::corrupted;
}

[[gnu::always_inline]] inline PublisherPort::Delivery PublisherPort::deliver(OutgoingConnection& connection,
                                                                             std::uint64_t sequence,
                                                                             ring::ChunkId chunk,
                                                                             const std::byte* block) {
    if (!connection.sender.has_room()) [[unlikely]]
        if (const Delivery made = make_room(connection); made != Delivery::delivered) return made;
    if (in_slot_) {
        connection.sender.publish_in_slot(sequence, reinterpret_cast<const std::uint64_t*>(block),
                                          block_words_);
    } else {
        if (!connection.sender.ticket_ready([this](ring::ChunkId back) { give_back(back); })) [[unlikely]]
            return Delivery::corrupted;
        const auto offset = static_cast<std::uint64_t>(block - segment_);
        connection.sender.publish_by_reference(sequence, 0, static_cast<std::uint32_t>(offset >> unit_shift_),
                                               chunk);
    }
    if (connection.sender.receiver_wants_wake()) [[unlikely]]
        connection.receiver_handle.wake();
    connection.written.set(connection.sender.written());
    return Delivery::delivered;
}

// What did not go by itself: full buffers, and receivers that cheat.
[[gnu::noinline]] std::int64_t PublisherPort::settle(Sending sending) {
    const auto failure = wait_for_room(sending);
    if (corruption_found_) cut_corrupted();
    end_loan(sending.chunk);
    if (failure) return not_sent(*failure);
    return sending.delivered;
}

void PublisherPort::retry(OutgoingConnection& connection, Sending& sending) {
    const Delivery outcome =
        deliver(connection, sending.sequence, sending.chunk, segment_ + books_.offset(sending.chunk));
    if (outcome != Delivery::delivered) return note_failure(outcome, connection);
    if (!in_slot_) books_.add_references(sending.chunk, 1);
    delivered_.add(1);
    ++sending.delivered;
}

// How a sample goes to all who are connected. Inlined where it is called, and its own parts into it: each
// store to the stack is one more that waits in front of the next slot's.
[[gnu::always_inline]] inline std::int64_t PublisherPort::send_now(ring::ChunkId chunk) {
    const std::uint64_t sequence = sent_.value() + 1;
    sent_.set(sequence);
    const std::byte* const block = segment_ + books_.offset(chunk);
    if (!plain_) [[unlikely]]
        stamp(sequence, chunk);
    std::uint32_t delivered = 0;
    for (const Connection& connection : connections_) {
        const Delivery outcome = deliver(*connection, sequence, chunk, block);
        if (outcome == Delivery::delivered) [[likely]]
            ++delivered;
        else
            note_failure(outcome, *connection);
        look_ahead(*connection);
    }
    if (!in_slot_) books_.add_references(chunk, delivered);
    delivered_.add(delivered);
    if (awaiting_ != 0 || corruption_found_) [[unlikely]]
        return settle({.sequence = sequence, .chunk = chunk, .delivered = delivered});
    end_loan(chunk);
    if (!in_slot_) prepare_next();
    return delivered;
}

std::int64_t PublisherPort::send(ring::ChunkId chunk) {
    if (needs_attention() || !open_) [[unlikely]]
        return send_attended(chunk);
    return send_now(chunk);
}

[[gnu::noinline]] std::int64_t PublisherPort::send_attended(ring::ChunkId chunk) {
    if (is_forked_copy()) return not_sent(SendError::ForkedProcess);
    auto lock = attend();
    const std::int64_t outcome = send_now(chunk);
    end_if_unused(std::move(lock));
    return outcome;
}

}  // namespace ipc::port
