// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "alignment.hpp"

#include <array>
#include <cstdint>

namespace ipc::layout {

// One (notifier, listener) pair's segment: what happened, as numbers that only grow. A counter for each event
// id; above them one for each group of ids and one for each group of groups, as far as there is more than one
// group; and at the top the news. So a listener polls one line, however many ids there are, and finds what
// changed by looking only below what changed.
struct EventConnection {
    // The line that a listener polls, written by the notifier: how often it has notified and which id last,
    // and of that id's counter what it was then. The topmost counters are here, too, if they fit.
    static constexpr std::uint64_t news = 0;
    static constexpr std::uint64_t value = 8;
    static constexpr std::uint64_t near_counters = 16;
    static constexpr std::uint64_t near_counter_count = 6;

    static constexpr std::uint64_t receiver_wake = 1 * separation;        // listener: its wake generation
    static constexpr std::uint64_t receiver_closed = 1 * separation + 8;  // listener: it takes nothing more
    static constexpr std::uint64_t receiver_handle_known =
        2 * separation;                                                 // notifier: it can wake the listener
    static constexpr std::uint64_t sender_closed = 2 * separation + 8;  // notifier: it was dropped, in order
    static constexpr std::uint64_t counters = 3 * separation;           // notifier

    // Level 0 is the ids; a counter of a level above counts for `group_size` counters of the one below.
    struct Level {
        std::uint64_t count = 0;   // of counters
        std::uint64_t first = 0;   // its first counter's number, if those of all levels are counted through
        std::uint64_t offset = 0;  // of its first counter
    };
    static constexpr unsigned max_levels = 3;

    std::array<Level, max_levels> levels{};
    unsigned level_count = 0;
    unsigned group_shift = 0;         // a group is 1 << group_shift counters
    std::uint64_t counter_count = 0;  // of all levels
    std::uint64_t size = 0;
};

// A group of 64 is eight lines of counters. (Tests have smaller ones.)
constexpr EventConnection event_connection(std::uint64_t event_id_max_value, unsigned group_shift = 6) {
    EventConnection result;
    result.group_shift = group_shift;
    std::uint64_t const group = std::uint64_t{1} << group_shift;
    std::uint64_t count = sum(event_id_max_value, 1);
    std::uint64_t end = EventConnection::counters;
    for (;;) {
        bool const topmost = count <= group || result.level_count + 1 == EventConnection::max_levels;
        bool const near = topmost && count <= EventConnection::near_counter_count;
        result.levels[result.level_count++] = {count, result.counter_count,
                                               near ? EventConnection::near_counters : end};
        result.counter_count = sum(result.counter_count, count);
        if (!near) end = round_up(sum(end, product(count, sizeof(std::uint64_t))), separation);
        if (topmost) break;
        count = (count - 1) / group + 1;
    }
    result.size = end;
    return result;
}

}  // namespace ipc::layout
