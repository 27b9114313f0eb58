// SPDX-License-Identifier: Apache-2.0
// A server's operations: requests that come in, and the streams of responses to them.
#include "port/sending.hpp"
#include "port/server_port.hpp"
#include "port/waiting.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace ipc::port {

namespace {

std::uint64_t word_of(const std::byte* block, std::uint64_t offset) {
    return ring::StdAtomics::word(const_cast<std::byte*>(block), offset).load(std::memory_order_relaxed);
}

}  // namespace

// What is none that is to be received makes room for the next one.
detail::TakenSample ServerPort::receive_request() {
    while (true) {
        const detail::TakenSample taken = receive();
        if (taken.held == nullptr) return found_none(taken);
        if (ActiveSlot* const slot = begin(*static_cast<Cell*>(taken.held)))
            return {.held = slot, .failure = 0};
    }
}

detail::TakenSample ServerPort::receive_request(std::chrono::nanoseconds timeout) {
    const Deadline deadline = deadline_in(timeout);
    while (true) {
        const auto left = deadline == Deadline::max() ? timeout : deadline - Deadline::clock::now();
        const detail::TakenSample taken = receive(std::max(std::chrono::nanoseconds::zero(), left));
        if (taken.held == nullptr) return found_none(taken);
        if (ActiveSlot* const slot = begin(*static_cast<Cell*>(taken.held)))
            return {.held = slot, .failure = 0};
    }
}

expected<void, ReceiveError> ServerPort::update_connections() {
    if (const auto processed = SamplePort::update_connections(); !processed) return processed;
    const auto lock = attend();
    give_back_all_idle();
    return {};
}

// Lets go of clients that are gone, although nobody may ever ask again.
detail::TakenSample ServerPort::found_none(detail::TakenSample nothing_or_failure) {
    if (!is_forked_copy() && inbox_.has_changes()) (void)attend();
    return nothing_or_failure;
}

// Clients are served in turn: it is most often the one behind the last.
OutgoingLanes* ServerPort::lanes_of(const Place& place) {
    for (std::size_t i = 0; i < clients_.size(); ++i) {
        if (next_client_ >= clients_.size()) next_client_ = 0;
        OutgoingLanes* const client = clients_[next_client_++].get();
        if (client->id == place.connection()) return client;
    }
    return nullptr;
}

ActiveSlot& ServerPort::free_slot() {
    if (free_slots_.empty()) return slots_.emplace_back();
    ActiveSlot& slot = *free_slots_.back();
    free_slots_.pop_back();
    return slot;
}

// What the client says of its request is looked at once, and checked: the block is its own memory.
ActiveSlot* ServerPort::begin(Cell& cell) {
    auto lock = attend();
    Place& place = place_of(cell);
    const std::byte* const block = cell.block(sample());
    const std::uint64_t lane = word_of(block, sample().lane_offset);
    const std::uint64_t number = cell.sequence.load(std::memory_order_relaxed);
    if (lane >= layout_.lane_count) {
        place.reject(cell);
        return nullptr;
    }
    // A client that is gone, and left this request, has no lanes any more.
    OutgoingLanes* const client = lanes_of(place);
    OutgoingRing* const ring = client != nullptr ? &client->lanes[static_cast<std::size_t>(lane)] : nullptr;
    if (ring != nullptr && number == ring->stream) {  // no number is given twice
        place.reject(cell);
        return nullptr;
    }
    // Each lane's requests have growing numbers, but threads may begin them in another order than they took
    // them. What is older than the newest of its lane, its client has given up.
    const bool is_newest = ring != nullptr && number > ring->stream;
    if (!service().fire_and_forget && (!is_newest || ring->sender.receiver_closed(number))) {
        place.release(cell);
        return nullptr;
    }
    if (is_newest) {
        ring->stream = number;
        ring->stream_start = ring->sender.written();
        ring->sender.expect_stream();
    }
    ActiveSlot& slot = free_slot();
    slot.payload = cell.payload;
    slot.elements = cell.elements;
    slot.port = this;
    slot.cell = &cell;
    slot.client = client;
    slot.lane = ring;
    slot.request = number;
    slot.deadline_ns = word_of(block, sample().deadline_offset);
    slot.loans = 0;
    return &slot;
}

StreamState ServerPort::seen_state(const ActiveSlot& slot) const {
    if (slot.client == nullptr) return StreamState::PeerDied;
    // A newer request in its lane: this one was given up.
    if (slot.lane->stream != slot.request || slot.lane->sender.receiver_closed(slot.request))
        return StreamState::Cancelled;
    if (slot.deadline_ns != 0 && steady_now_ns() >= slot.deadline_ns) return StreamState::DeadlineExceeded;
    return slot.cell == nullptr ? StreamState::Completed : StreamState::Open;
}

StreamState ServerPort::state(const ActiveSlot& slot) {
    if (is_forked_copy()) return StreamState::PeerDied;
    const auto lock = attend();
    return seen_state(slot);
}

bool ServerPort::has_disconnect_hint(const ActiveSlot& slot) {
    if (is_forked_copy()) return false;
    const auto lock = attend();
    return slot.client != nullptr && slot.lane->sender.receiver_hints(slot.request);
}

detail::LoanedChunk ServerPort::loan(ActiveSlot& slot, std::uint64_t elements) {
    if (is_forked_copy()) return no_loan(LoanError::ForkedProcess);
    const auto lock = attend();
    if (slot.loans >= max_loaned_per_request_) return no_loan(LoanError::ExceedsMaxLoans);
    const detail::LoanedChunk loaned = loan_elements(elements);
    if (loaned.payload != nullptr) ++slot.loans;
    return loaned;
}

std::int64_t ServerPort::send(ActiveSlot& slot, ring::ChunkId chunk) {
    if (is_forked_copy()) return not_sent(SendError::ForkedProcess);
    auto lock = attend();
    sent_.set(sent_.value() + 1);
    --slot.loans;
    std::int64_t outcome = 0;
    // Whether the client still waits is looked at afterwards, when that costs no time.
    const bool open = slot.client != nullptr && slot.cell != nullptr && slot.lane->stream == slot.request &&
                      (slot.deadline_ns == 0 || steady_now_ns() < slot.deadline_ns);
    if (open) {
        OutgoingRing* const lane = slot.lane;
        outcome = send_any({&lane, 1}, slot.request, chunk);
        if (slot.client != nullptr && lane->sender.receiver_closed(slot.request)) {
            withdraw(*lane);
            outcome = std::min<std::int64_t>(outcome, 0);
        }
        leaving_.clear();
    } else {
        end_loan(chunk);
    }
    if (outcome == 0) ended_.add(1);
    if (slot.cell == nullptr && slot.loans == 0) end_last_loan(slot, std::move(lock));
    return outcome;
}

// What nobody will receive: it comes back at once, and makes room.
void ServerPort::withdraw(OutgoingRing& lane) {
    const auto give_back_to_books = [this](ring::ChunkId chunk) { give_back(chunk); };
    if (!lane.sender.withdraw(lane.sender.written(), give_back_to_books)) note_corruption(lane);
    if (corruption_found_) cut_corrupted();
}

void ServerPort::return_loan(ActiveSlot& slot, ring::ChunkId chunk) {
    if (is_forked_copy()) return;
    auto lock = attend();
    --slot.loans;
    end_loan(chunk);
    if (slot.cell == nullptr && slot.loans == 0) end_last_loan(slot, std::move(lock));
}

// The ActiveRequest is gone: its stream ends, unless it has ended by itself.
void ServerPort::finish(ActiveSlot& slot) {
    if (is_forked_copy()) return;
    auto lock = attend();
    switch (seen_state(slot)) {
        case StreamState::Open:
            slot.lane->sender.end_stream(slot.request);
            if (slot.lane->sender.receiver_wants_wake()) slot.client->receiver_handle.wake();
            break;
        case StreamState::Cancelled:
            if (slot.lane->stream == slot.request) withdraw(*slot.lane);
            break;
        default:
            break;
    }
    Cell& cell = *std::exchange(slot.cell, nullptr);
    // The loans that are left keep the port, as the request's place did.
    if (slot.loans == 0)
        recycle(slot);
    else
        hold();
    if (lock) lock.unlock();
    // After this the port may be gone.
    place_of(cell).release(cell);
}

void ServerPort::recycle(ActiveSlot& slot) {
    slot.client = nullptr;
    slot.lane = nullptr;
    free_slots_.push_back(&slot);
}

// Of a request that is over: the last of its loans. After this the port may be gone.
void ServerPort::end_last_loan(ActiveSlot& slot, std::unique_lock<std::mutex> lock) {
    recycle(slot);
    if (lock) lock.unlock();
    place_ended();
}

}  // namespace ipc::port
