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

detail::LoanedChunk PublisherPort::loan() {
    if (is_forked_copy()) [[unlikely]]
        return no_loan(LoanError::ForkedProcess);
    const auto lock = lock_if_shared();
    if (changed_.load(std::memory_order_acquire)) [[unlikely]]  // pairs with post()
        take_changes();
    if (loaned_.value() >= max_loaned_) return no_loan(LoanError::ExceedsMaxLoans);
    auto chunk = books_.acquire();
    if (!chunk) [[unlikely]] {
        chunk = find_chunk();
        if (!chunk) return no_loan(LoanError::OutOfMemory);
    }
    loaned_.add(1);
    std::byte* const block = data_.data() + books_.offset(*chunk);
    return {.payload = block + sample_.payload_offset, .chunk_or_error = *chunk};
}

// Nothing free that has been used before: first what came back, then memory that was never touched.
std::optional<ring::ChunkId> PublisherPort::find_chunk() {
    collect();
    if (auto chunk = books_.acquire()) return chunk;
    return books_.acquire_fresh();
}

void PublisherPort::collect() {
    for (const Connection& connection : connections_)
        if (!connection->sender.collect([this](ring::ChunkId chunk) { give_back(chunk); })) {
            connection->corrupted = true;
            corruption_found_ = true;
        }
    if (corruption_found_) [[unlikely]]
        cut_corrupted();
}

// What the next loan and send will ask of the receivers: now, while they are busy with the sample, rather
// than then. Where there is room and a chunk, nothing is touched.
void PublisherPort::look_ahead() {
    if (!books_.has_ready()) collect();
    for (const Connection& connection : connections_)
        if (connection->sender.room() == ring::DeliverySender<ring::StdAtomics>::Room::corrupted)
            [[unlikely]] {
            connection->corrupted = true;
            corruption_found_ = true;
        }
    if (corruption_found_) [[unlikely]]
        cut_corrupted();
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

std::int64_t PublisherPort::send(ring::ChunkId chunk) {
    if (is_forked_copy()) [[unlikely]]
        return not_sent(SendError::ForkedProcess);
    auto lock = lock_if_shared();
    if (changed_.load(std::memory_order_acquire)) [[unlikely]]  // pairs with post()
        take_changes();

    Sending sending;
    sending.sequence = ++sequence_;
    sending.chunk = chunk;
    if (sample_.has_timestamp) {
        const std::uint64_t now = now_ns();
        std::memcpy(data_.data() + books_.offset(chunk) + sample_.timestamp_offset, &now, sizeof now);
    }
    if (history_) record_history(sending);
    deliver_to_all(sending);

    std::optional<SendError> failure;
    if (sending.awaiting != 0) [[unlikely]]
        failure = wait_for_room(sending);
    if (corruption_found_) [[unlikely]]
        cut_corrupted();
    end_loan(chunk);
    sent_.add(1);
    delivered_.add(sending.delivered);
    bytes_.add(service_->settings().payload.size);
    look_ahead();
    if (!open_) [[unlikely]]
        end_if_unused(std::move(lock));
    if (failure) [[unlikely]]
        return not_sent(*failure);
    return static_cast<std::int64_t>(sending.delivered);
}

// Before the deliveries: a receiver that joins between the two finds the sample in the history.
void PublisherPort::record_history(const Sending& sending) {
    books_.add_reference(sending.chunk);
    const auto replaced = history_->publish(
        sending.sequence,
        layout::Descriptor{.offset = static_cast<std::uint32_t>(books_.offset(sending.chunk) >> unit_shift_)},
        sending.chunk);
    if (replaced != ring::no_chunk) give_back(replaced);
}

void PublisherPort::deliver_to_all(Sending& sending) {
    for (const Connection& connection : connections_)
        settle(deliver(*connection, sending), *connection, sending);
}

void PublisherPort::settle(Delivery outcome, OutgoingConnection& connection, Sending& sending) {
    if (outcome == Delivery::delivered) [[likely]] {
        ++sending.delivered;
        return;
    }
    switch (outcome) {
        case Delivery::delivered:
            break;
        case Delivery::dropped:
            lost_.add(1);
            break;
        case Delivery::full:
            connection.awaits_room = true;
            ++sending.awaiting;
            break;
        case Delivery::corrupted:
            connection.corrupted = true;
            corruption_found_ = true;
            break;
    }
}

PublisherPort::Delivery PublisherPort::deliver(OutgoingConnection& connection, const Sending& sending) {
    using Room = ring::DeliverySender<ring::StdAtomics>::Room;
    const Room room = connection.sender.room();
    if (room != Room::available) [[unlikely]] {
        if (room == Room::corrupted) return Delivery::corrupted;
        if (const Delivery made = make_room(connection); made != Delivery::delivered) return made;
    }
    return publish(connection, sending);
}

// `delivered` means that there is room.
PublisherPort::Delivery PublisherPort::make_room(OutgoingConnection& connection) {
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

PublisherPort::Delivery PublisherPort::publish(OutgoingConnection& connection, const Sending& sending) {
    const std::uint64_t offset = books_.offset(sending.chunk);
    if (in_slot_) {
        connection.sender.publish_in_slot(sending.sequence,
                                          reinterpret_cast<const std::uint64_t*>(data_.data() + offset),
                                          sample_.size / sizeof(std::uint64_t));
    } else {
        if (!connection.sender.ticket_ready([this](ring::ChunkId chunk) { give_back(chunk); })) [[unlikely]]
            return Delivery::corrupted;
        books_.add_reference(sending.chunk);
        connection.sender.publish_by_reference(
            sending.sequence, 0, static_cast<std::uint32_t>(offset >> unit_shift_), sending.chunk);
    }
    if (connection.sender.receiver_wants_wake()) [[unlikely]]
        connection.receiver_handle.wake();
    connection.written.set(connection.sender.written());
    return Delivery::delivered;
}

}  // namespace ipc::port
