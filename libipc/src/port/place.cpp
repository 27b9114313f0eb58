// SPDX-License-Identifier: Apache-2.0
// A place's connection: how it begins, is drained, and ends.
#include "port/place.hpp"

#include "layout/counters.hpp"
#include "port/sample_port.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace ipc::port {

tl::expected<std::unique_ptr<Place>, std::string> Place::create(SamplePort& port) {
    auto range = shm::AddressRange::reserve(port.layout().size);
    if (!range) return tl::unexpected{range.error().message()};
    auto place = std::make_unique<Place>(port, std::move(*range));
    if (port.residence() != shm::Residence::when_touched) place->touch_rooms();
    return place;
}

Place::Place(SamplePort& port, shm::AddressRange range)
    : Intake{range.data(), port.layout(), port.sample(), port.max_borrowed()},
      wakes_sender_{!port.overflows()},
      port_{&port},
      range_{std::move(range)} {}

tl::expected<void, std::string> Place::connect(control::Offer& offer) {
    const wire::ConnectionOffered& details = offer.details;
    auto memory = SenderMemory::map(offer, port_->sample(), port_->residence());
    if (!memory) return tl::unexpected{std::move(memory.error())};
    const std::uint64_t entries = port_->history_entries();
    if (memory->first_size() < entries * layout::Data::HistoryEntry::size)
        return tl::unexpected{std::string{"the sender's data segment has no room for its history"}};
    if (auto mapped = map_connection_at(range_, offer.connection_segment, port_->residence()); !mapped)
        return mapped;

    {
        const std::lock_guard lock{joining_};
        memory_ = std::move(*memory);
        connection_ = details.connection;
        sender_ = details.peer_port;
        position_word_ = &port_->counters(
            details.record)[static_cast<std::size_t>(layout::ReceivingHalfCounter::position)];
        position_word_->store(0, std::memory_order_relaxed);
        receiver_.set_wake_fence(wake_fence_towards(offer));
        begin_to_serve(State::Open, entries, port_->history_request(details));
    }
    return {};
}

// There is no connection: the ring stays empty, and what is kept is all that comes.
tl::expected<void, std::string> Place::take_left(control::KeptHistory left, std::uint64_t wanted) {
    auto mapping = shm::Mapping::map(shm::MemoryFile{std::move(left.data)}, left.size, shm::Access::ReadOnly);
    if (!mapping)
        return tl::unexpected{"what a publisher that is gone left cannot be mapped: " +
                              mapping.error().message()};
    const std::uint64_t entries = port_->history_entries();
    if (mapping->size() < entries * layout::Data::HistoryEntry::size)
        return tl::unexpected{std::string{"what a publisher that is gone left has no room for its history"}};
    SenderMemory memory{std::move(*mapping), port_->sample()};
    if (auto added = memory.add(left.further, port_->residence()); !added) return added;
    const std::lock_guard lock{joining_};
    memory_ = std::move(memory);
    connection_ = {};
    sender_ = left.publisher;
    begin_to_serve(State::Draining, entries, wanted);
    return {};
}

// Under the lock.
void Place::begin_to_serve(State state, std::uint64_t entries, std::uint64_t wanted) {
    forget_sequences();
    base_known_ = false;
    history_.begin(memory_, port_->sample(), receiver_, entries, wanted);
    news_.store(true, std::memory_order_relaxed);
    attention_.store(true, std::memory_order_relaxed);
    // Release: pairs with take(), where whoever finds this number finds the attention that is due, too.
    served_.store(served_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
    state_.store(state, std::memory_order_release);  // pairs with state()
    // Still under the lock: whoever finds under it that the connection has to be closed closes this.
    borrows_.open();
}

void Place::end(wire::RemovalReason reason) {
    if (reason == wire::RemovalReason::Cut)
        close();
    else
        drain();
}

tl::expected<void, std::string> Place::add_segment(const control::FurtherSegment& segment) {
    auto mapping = FurtherMemory::map(segment, port_->residence());
    if (!mapping) return tl::unexpected{std::move(mapping.error())};
    const std::lock_guard lock{joining_};  // against clearing up
    if (!is_connected()) return {};
    return memory_.further().add(segment, std::move(*mapping));
}

void Place::withdraw_segment(wire::Uuid segment) {
    const std::lock_guard lock{joining_};
    memory_.further().withdraw(segment);
}

void Place::keep_only_segments(const std::vector<wire::Uuid>& segments) {
    const std::lock_guard lock{joining_};
    memory_.further().keep_only(segments);
}

bool Place::make_free() {
    return state() == State::Draining && !is_held() && close() && state() == State::Free;
}

void Place::drain() {
    const std::lock_guard lock{
        joining_};  // whoever takes attention_ back looks at the state before, under it
    State open = State::Open;
    if (!state_.compare_exchange_strong(open, State::Draining, std::memory_order_acq_rel)) return;
    attention_.store(true, std::memory_order_release);  // pairs with take()
}

void Place::take_sender_handle(shm::UniqueFd handle, const control::Session& session) {
    const std::lock_guard lock{joining_};  // against clearing up
    if (!is_connected()) return;
    if (sender_handle_.take(std::move(handle), session)) receiver_.confirm_sender_handle();
}

void Place::say_closed() {
    const std::lock_guard lock{joining_};  // against clearing up: a wait set may look just now
    if (!is_connected()) return;
    receiver_.close();
    if (wakes_sender_) sender_handle_.wake();
}

bool Place::close() {
    if (!begin_close()) return false;
    finish_close();
    return true;
}

bool Place::begin_close() {
    State before = state();
    do {
        if (before != State::Open && before != State::Draining) return false;
    } while (!state_.compare_exchange_weak(before, State::Closing, std::memory_order_acq_rel));
    return true;
}

// A cell is claimed anew only for a later sample: so the highest number received is still in one, also where
// a thread that was slow set seen_ back.
std::uint64_t Place::sequences_seen() const {
    std::uint64_t highest = seen_.load(std::memory_order_relaxed);
    for (std::uint32_t i = 0; i < cells_used_.load(std::memory_order_relaxed); ++i)
        // Acquire: pairs with note_taken(), for the turn.
        highest = std::max(highest, cells_[i].sequence.load(std::memory_order_acquire));
    const std::uint64_t base = base_.load(std::memory_order_relaxed);
    return highest < base ? 0 : highest + 1 - base;
}

void Place::forget_sequences() {
    for (std::uint32_t i = 0; i < cells_used_.load(std::memory_order_relaxed); ++i)
        cells_[i].sequence.store(0, std::memory_order_relaxed);
    seen_.store(0, std::memory_order_relaxed);
    base_.store(1, std::memory_order_relaxed);
}

Turns Place::turns() const {
    Turns sum;
    for (std::uint32_t i = 0; i < cells_used_.load(std::memory_order_relaxed); ++i) {
        const std::uint64_t turns = cells_[i].turns.load(std::memory_order_relaxed);
        sum.received += (turns + 1) / 2;
        sum.returned += turns / 2;
    }
    return sum;
}

void Place::finish_close() {
    if (borrows_.close()) clear_up();
}

void Place::release(Cell& cell) {
    if (cell.origin != 0) [[unlikely]]
        leave_origin(cell);
    return_delivery(cell);
    cell.turn();
    port_->count_returned();
    // After this the place may serve another connection, and the port may be gone.
    if (borrows_.release(cell.index)) clear_up();
}

// Before the delivery is returned: then an honest sender may give its segment back.
void Place::leave_origin(Cell& cell) {
    const std::uint8_t origin = std::exchange(cell.origin, std::uint8_t{0});
    if (origin != Cell::own_copy) return memory_.further().let_go(origin);
    auto* const block = const_cast<std::byte*>(cell.block(port_->sample()));
    Block{block, BlockDeleter{std::align_val_t{static_cast<std::size_t>(port_->sample().alignment)}}};
}

// Nobody holds a cell, and nobody can get one. Threads that look for news meanwhile find zeros.
void Place::clear_up() {
    {
        const std::lock_guard lock{joining_};
        port_->settle(*this);
        attention_.store(false, std::memory_order_relaxed);
        memory_ = SenderMemory{};
        while (!history_.empty()) (void)history_.pop();
        sender_handle_.drop();
        const bool cleared = range_.clear().has_value();
        receiver_.begin_again();
        state_.store(cleared ? State::Free : State::Lost, std::memory_order_release);  // pairs with state()
    }
    port_->place_ended();
}

}  // namespace ipc::port
