// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "layout/event_connection.hpp"
#include "ring/atomics.hpp"
#include "ring/event_news.hpp"
#include "ring/event_receiver.hpp"
#include "ring/event_sender.hpp"
#include "segment.hpp"

#include <cstdint>
#include <map>

namespace ring_tests {

using EventSender = ipc::ring::EventSender<ipc::ring::StdAtomics>;
using EventReceiver = ipc::ring::EventReceiver<ipc::ring::StdAtomics>;
using EventOutcome = EventReceiver::Outcome;
using ipc::layout::EventConnection;
using ipc::ring::EventNews;
using ipc::ring::EventValue;
using Happened = std::map<std::uint64_t, std::uint64_t>;  // how often, of each id

struct Events {
    EventConnection connection;
    Segment segment{connection.size};
    EventSender notifier{segment.data(), connection};
    EventReceiver listener{segment.data(), connection};

    explicit Events(std::uint64_t max_id) : connection(ipc::layout::event_connection(max_id)) {}

    Happened collect() {
        Happened happened;
        auto const outcome =
            listener.collect([&](std::uint64_t id, std::uint64_t count) { happened[id] += count; });
        if ((outcome == EventOutcome::some) != !happened.empty()) throw outcome;
        return happened;
    }
    // What a peer with a legitimate mapping can do.
    void forge(std::uint64_t offset, std::uint64_t value) {
        segment.word(offset).store(value, std::memory_order_relaxed);
    }
    std::uint64_t counter_offset(unsigned level, std::uint64_t index) const {
        return connection.levels[level].offset + 8 * index;
    }
};

}  // namespace ring_tests
