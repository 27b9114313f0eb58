// SPDX-License-Identifier: Apache-2.0
// What is not every day in taking a sample: races that are lost, history, joining, draining, corruption.
#include "port/place_take.hpp"

#include "port/place.hpp"
#include "port/sample_port.hpp"

#include <utility>

namespace ipc::port {

// False: the number is below what the publisher said its ring begins with.
bool Place::note_gap(std::uint64_t sequence) {
    // Something was missed; or another thread was faster with a later one.
    if (sequence < base_.load(std::memory_order_relaxed)) return false;
    if (sequence > seen_.load(std::memory_order_relaxed)) seen_.store(sequence, std::memory_order_relaxed);
    port_->note_missed();
    return true;
}

Place::Attempt Place::take_into(Cell& cell) {
    return take_slowly(*this, cell);
}

Place::Attempt Place::take_otherwise() {
    const std::uint32_t served = served_.load(std::memory_order_acquire);  // pairs with connect()
    if (attention_.load(std::memory_order_acquire))                        // pairs with connect() and drain()
        if (const auto attempt = take_with_attention()) return *attempt;
    if (!receiver_.has_data()) return {};
    return claim_and_take(*this, served);
}

Place::Attempt Place::finish_slowly(Cell& cell, const ring::Taken& taken) {
    if (wakes_sender_ && receiver_.sender_wants_wake()) sender_handle_.wake();
    const bool is_there = fill(*this, cell, taken) || fill_from_further(*this, cell, taken);
    if (!is_there || !note_taken(cell, taken)) return give_up(cell, Result::corrupted);
    return {.cell = &cell, .result = Result::taken};
}

// While the cell is held, the place cannot begin to serve another connection.
Place::Attempt Place::give_up(Cell& cell, Result result) {
    if (cell.origin != 0) leave_origin(cell);
    const Ended ended{.connection = connection_, .sender = sender_};
    const bool cut = result == Result::corrupted && close();
    if (borrows_.release(cell.index)) clear_up();
    if (cut) port_->report_cut(ended);
    return {.result = result};
}

void Place::reject(Cell& cell) {
    cell.turn();
    port_->count_returned();
    if (cell.origin != 0) leave_origin(cell);
    return_delivery(cell);
    (void)give_up(cell, Result::corrupted);
}

// The slow way: history first; then, once the join is over, the ring as always. Nothing: as always.
std::optional<Place::Attempt> Place::take_with_attention() {
    std::unique_lock lock{joining_};
    switch (attend(lock)) {
        case Attended::history:
            return take_history();
        case Attended::ring:
            return std::nullopt;
        case Attended::corrupted:
            return Attempt{.result = Result::corrupted};
        case Attended::ended:
            return Attempt{.result = Result::ended};
        case Attended::nothing:
            break;
    }
    return Attempt{};
}

// Takes what steps of the join, or of draining, are due, and says where to look then.
Place::Attended Place::attend(std::unique_lock<std::mutex>& joining) {
    if (!is_connected()) return Attended::nothing;
    Attended outcome = Attended::ended;
    // The look at the ring first: see begins_unsaid().
    const bool in_ring = receiver_.has_data();
    if (!advance_history() || begins_unsaid(in_ring)) {
        outcome = Attended::corrupted;
    } else {
        // As long as history is left, whoever lies down meanwhile finds it.
        const bool history = !history_.empty();
        news_.store(history, std::memory_order_relaxed);
        if (history) return Attended::history;
        const bool draining = state() == State::Draining;
        if (!history_.joined()) {
            if (!draining) return Attended::nothing;
            history_.end();
        }
        if (!draining) attention_.store(false, std::memory_order_relaxed);
        if (!draining || receiver_.has_data()) return Attended::ring;
    }
    // While the state says so, the place cannot begin to serve another connection.
    if (!begin_close()) return Attended::nothing;
    const Ended ended{.connection = connection_, .sender = sender_};
    joining.unlock();
    finish_close();
    if (outcome == Attended::corrupted) port_->report_cut(ended);
    return outcome;
}

// A publisher says where its ring begins before it publishes there: what the look found (acquire) comes with
// that. One that never says would keep its subscriber awake with what cannot be received.
bool Place::begins_unsaid(bool in_ring) const {
    return in_ring && !history_.joined() && receiver_.first_live() == 0;
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

Place::Attempt Place::take_history() {
    const auto index = borrows_.claim();
    if (index == Borrows::no_cell) return no_cell_left();
    note_use(index);
    Cell& claimed = cells_[index];
    HistoryIntake::Entry entry = history_.pop();
    claimed.payload = entry.block.release() + payload_offset_;
    claimed.elements = entry.elements;
    claimed.origin = Cell::own_copy;
    claimed.by_reference = false;
    claimed.turn();
    claimed.sequence.store(entry.sequence, std::memory_order_release);  // pairs with sequences_seen()
    port_->count_received();
    port_->count_history();
    (void)note_sequence(entry.sequence);
    return {.cell = &claimed, .result = Result::taken};
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
        std::unique_lock lock{joining_};
        const Attended attended = attend(lock);
        if (attended != Attended::ring) return attended == Attended::history;
    }
    return receiver_.has_data() && is_connected();
}

}  // namespace ipc::port
