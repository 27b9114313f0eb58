// SPDX-License-Identifier: Apache-2.0
// How a sample is taken out of a place, inlined where it is received. Where nothing is there: three loads.
// Where something is: the claim of a cell, the ring's one compare-and-swap, and counting.
#pragma once

#include "port/place.hpp"
#include "port/sample_port.hpp"

namespace ipc::port {

inline bool Place::note_sequence(std::uint64_t sequence) {
    if (sequence != seen_.load(std::memory_order_relaxed) + 1) [[unlikely]]
        return note_gap(sequence);
    seen_.store(sequence, std::memory_order_relaxed);
    return true;
}

// False: its number is none that can come.
[[gnu::always_inline]] inline bool Place::note_taken(Cell& cell, const ring::Taken& taken) {
    position_word_->store(taken.position + 1, std::memory_order_relaxed);
    cell.turn();
    cell.sequence.store(taken.sequence, std::memory_order_release);  // pairs with sequences_seen()
    port_->count_received();
    if (note_sequence(taken.sequence)) [[likely]]
        return true;
    cell.turn();
    port_->count_returned();
    return false;
}

[[gnu::always_inline]] inline Place::Attempt Place::finish(Cell& cell, const ring::Taken& taken) {
    if (wakes_sender_ && receiver_.sender_wants_wake()) [[unlikely]]
        sender_handle_.wake();
    if (!fill(*this, cell, taken) || !note_taken(cell, taken)) [[unlikely]]
        return give_up(cell, Result::corrupted);
    return {.cell = &cell, .result = Result::taken};
}

[[gnu::always_inline]] inline Place::Attempt Place::take() {
    const std::uint32_t served = served_.load(std::memory_order_acquire);  // pairs with connect()
    // The look first: its line is the one that is far away.
    const auto look = receiver_.look();
    if (attention_.load(std::memory_order_acquire)) [[unlikely]]
        return take_otherwise();
    if (!Receiver::shows_sample(look)) {
        if (receiver_.shows_nothing(look)) [[likely]] {
            receiver_.idle();
            return {};
        }
        return take_otherwise();
    }
    return take_shown(*this, look, served);
}

}  // namespace ipc::port
