// SPDX-License-Identifier: Apache-2.0
// How a sample is taken out of a place. Where nothing is there: three loads. Where something is: the claim of
// a cell, the ring's one compare-and-swap, and counting.
#include "port/place.hpp"
#include "port/subscriber_port.hpp"

#include <utility>

namespace ipc::port {

// False: the number is below what the publisher said its ring begins with.
bool Place::note_sequence(std::uint64_t sequence) {
    const std::uint64_t seen = seen_.load(std::memory_order_relaxed);
    if (sequence != seen + 1) [[unlikely]] {
        // Something was missed; or another thread was faster with a later one.
        if (sequence < base_.load(std::memory_order_relaxed)) return false;
        if (sequence > seen) seen_.store(sequence, std::memory_order_relaxed);
        port_->note_missed();
        return true;
    }
    seen_.store(sequence, std::memory_order_relaxed);
    return true;
}

// Inlined, so that what was taken stays in registers.
[[gnu::always_inline]] inline bool Place::accept(Cell& cell, const ring::Taken& taken) {
    cell.position = taken.position;
    cell.sequence = taken.sequence;
    cell.ticket = taken.descriptor.ticket;
    cell.by_reference = !taken.descriptor.in_slot;
    if (taken.descriptor.in_slot)
        cell.block = reinterpret_cast<const std::byte*>(cell.room);
    else
        cell.block = memory_.resolve(taken.descriptor);
    if (cell.block == nullptr) return false;
    position_word_->store(taken.position + 1, std::memory_order_relaxed);
    port_->count_received();
    if (note_sequence(taken.sequence)) [[likely]]
        return true;
    port_->count_returned();
    return false;
}

Place::Result Place::take(Cell*& cell) {
    if (attention_.load(std::memory_order_acquire)) [[unlikely]]
        if (const auto result = take_with_attention(cell)) return *result;
    if (!receiver_.has_data()) return Result::nothing;
    const auto index = borrows_.claim();
    if (index == Borrows::no_cell) return borrows_.is_closed() ? Result::nothing : Result::exhausted;

    Cell& claimed = cells_[index];
    ring::Taken taken;
    switch (receiver_.try_take(taken, claimed.room, block_words_)) {
        case Receiver::Outcome::taken:
            break;
        case Receiver::Outcome::empty:
        case Receiver::Outcome::busy:
            return give_up(claimed, Result::nothing);
        case Receiver::Outcome::corrupted:
            return give_up(claimed, Result::corrupted);
    }
    if (wakes_sender_ && receiver_.sender_wants_wake()) [[unlikely]]
        sender_handle_.wake();
    if (!accept(claimed, taken)) [[unlikely]]
        return give_up(claimed, Result::corrupted);
    cell = &claimed;
    return Result::taken;
}

// While the cell is held, the place cannot begin to serve another connection.
Place::Result Place::give_up(Cell& cell, Result result) {
    const Ended ended{.connection = connection_, .publisher = publisher_};
    const bool cut = result == Result::corrupted && close();
    if (borrows_.release(cell.index)) clear_up();
    if (cut) port_->report_cut(ended);
    return result;
}

// The slow way: history first; then, once the join is over, the ring as always. Nothing: as always.
std::optional<Place::Result> Place::take_with_attention(Cell*& cell) {
    std::unique_lock lock{joining_};
    if (!is_connected()) return Result::nothing;
    news_.store(false, std::memory_order_relaxed);
    Result result = Result::ended;
    if (!advance_history()) {
        result = Result::corrupted;
    } else {
        if (!history_.empty()) return take_history(cell);
        const bool draining = state() == State::Draining;
        if (!history_.joined()) {
            if (!draining) return Result::nothing;
            history_.end();
        }
        if (!draining) attention_.store(false, std::memory_order_relaxed);
        if (!draining || receiver_.has_data()) return std::nullopt;
    }
    // While the state says so, the place cannot begin to serve another connection.
    if (!begin_close()) return Result::nothing;
    const Ended ended{.connection = connection_, .publisher = publisher_};
    lock.unlock();
    finish_close();
    if (result == Result::corrupted) port_->report_cut(ended);
    return result;
}

bool Place::advance_history() {
    if (history_.joined()) return true;
    const bool intact = history_.advance(memory_, port_->sample(), receiver_);
    if (const auto first = history_.first(); first && !base_known_) {
        base_known_ = true;
        base_.store(*first, std::memory_order_relaxed);
        seen_.store(*first - 1, std::memory_order_relaxed);
    }
    return intact;
}

Place::Result Place::take_history(Cell*& cell) {
    const auto index = borrows_.claim();
    if (index == Borrows::no_cell) return borrows_.is_closed() ? Result::nothing : Result::exhausted;
    Cell& claimed = cells_[index];
    HistoryIntake::Entry entry = history_.pop();
    claimed.history = std::move(entry.block);
    claimed.block = claimed.history.get();
    claimed.sequence = entry.sequence;
    claimed.by_reference = false;
    port_->count_received();
    port_->count_history();
    (void)note_sequence(entry.sequence);
    cell = &claimed;
    return Result::taken;
}

// Without claiming anything; may be wrongly true while other threads take.
bool Place::may_have_something() const {
    if (receiver_.has_data()) return is_connected();
    if (!attention_.load(std::memory_order_acquire)) return false;
    // A step of the join or of draining is due, and a receive takes it.
    const State now = state();
    return now == State::Draining ||
           (now == State::Open && (news_.load(std::memory_order_relaxed) || receiver_.first_live() != 0));
}

bool Place::has_samples() {
    if (attention_.load(std::memory_order_acquire)) {
        const std::lock_guard lock{joining_};
        if (!is_connected()) return false;
        // What is corrupted is found again, and cut, by the next receive.
        (void)advance_history();
        if (history_.empty()) return receiver_.has_data();
        news_.store(true, std::memory_order_relaxed);
        return true;
    }
    return receiver_.has_data() && is_connected();
}

}  // namespace ipc::port
