// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "layout/alignment.hpp"
#include "layout/event_connection.hpp"
#include "ring/event_news.hpp"
#include "ring/waking.hpp"
#include "ring/zeroed_array.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace ipc::ring {

// The notifier's half of an event connection; used by one thread at a time. It counts in memory of its own
// and never reads what it wrote, which the listener could have written, too.
template <class Atomics>
class alignas(layout::cache_line) EventSender : public WakingSender<Atomics, layout::EventConnection> {
    using Base = WakingSender<Atomics, layout::EventConnection>;
    using Base::shared;

 public:
    // The segment outlives this object, and its layout was computed here, not read from the segment.
    EventSender(std::byte* segment, const layout::EventConnection& connection)
        : Base(segment), connection_(connection), counts_(connection.counter_count) {}

    // Wait-free: a store for each level of counters, and two. `id` is one of the layout's.
    void notify(std::uint64_t id) {
        std::uint64_t const counter = count_at(0, id);
        for (unsigned level = 1; level < connection_.level_count; ++level)
            count_at(level, id >> level * connection_.group_shift);
        ++notified_;
        // Release: pairs with EventReceiver::claim_newest(), which then sees all counters of this news, and
        // that the news before it is over.
        shared(layout::EventConnection::value)
            .store(EventValue::of(counter, notified_).word, std::memory_order_release);
        // Release: pairs with EventReceiver::news(), for the value and for all counters.
        shared(layout::EventConnection::news)
            .store(EventNews::of(notified_, id).word, std::memory_order_release);
    }

    // The notifier ends in good order, and notifies no more.
    void close() {
        // Release: pairs with EventReceiver::sender_closed(). Only the news counts.
        shared(layout::EventConnection::sender_closed).store(1, std::memory_order_release);
    }

 private:
    std::uint64_t count_at(unsigned level, std::uint64_t index) {
        layout::EventConnection::Level const& at = connection_.levels[level];
        std::uint64_t const counter = ++counts_[at.first + index];
        // Release: pairs with EventReceiver::scan() and counters(). Who sees a counter sees those below it,
        // and who sees an id's counter sees what was done before the notification.
        shared(at.offset + index * sizeof counter).store(counter, std::memory_order_release);
        return counter;
    }

    std::uint64_t notified_ = 0;
    layout::EventConnection connection_;
    ZeroedArray<std::uint64_t> counts_;
};

}  // namespace ipc::ring
