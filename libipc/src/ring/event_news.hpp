// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace ipc::ring {

// The two words of the polled line, as both halves of an event connection understand them.

// How often the notifier has notified, modulo 2^48, and which id last.
struct EventNews {
    std::uint64_t word = 0;

    static constexpr EventNews of(std::uint64_t count, std::uint64_t id) { return {count << 16 | id}; }
    constexpr std::uint64_t count() const { return word >> 16; }
    constexpr std::uint64_t id() const { return word & 0xffff; }
    // Whether this is one notification after `earlier`, also when the count began again at 0.
    constexpr bool follows(EventNews earlier) const {
        return count() == (EventNews::of(earlier.count() + 1, 0).count());
    }
    friend constexpr bool operator==(EventNews, EventNews) = default;
};

// The counter of the news' id, and to which news it belongs: the low bit of its count. (That is enough, for
// the value after the next comes after the next news.)
struct EventValue {
    std::uint64_t word = 0;

    static constexpr EventValue of(std::uint64_t counter, std::uint64_t count) {
        return {counter << 1 | (count & 1)};
    }
    constexpr std::uint64_t counter() const { return word >> 1; }
    constexpr bool belongs_to(EventNews news) const { return (word & 1) == (news.count() & 1); }
};

}  // namespace ipc::ring
