// SPDX-License-Identifier: Apache-2.0
#include "hostile/places.hpp"

#include "hostile/services.hpp"
#include "layout/descriptor.hpp"
#include "ring/atomics.hpp"
#include "ring/slot.hpp"

#include <algorithm>
#include <atomic>
#include <limits>
#include <utility>

namespace hostile {

namespace layout = ipc::layout;

namespace {

std::atomic<std::uint64_t>& word_at(std::byte* word) {
    return ipc::ring::StdAtomics::word(word, 0);
}

layout::Descriptor wrong_descriptor(Random& random) {
    constexpr std::uint32_t everything = std::numeric_limits<std::uint32_t>::max();
    const std::uint32_t offsets[]{0, 1, 7, 64, static_cast<std::uint32_t>(random()), everything};
    const std::uint16_t tickets[]{0, 1, buffer_size + max_borrowed - 1, buffer_size + max_borrowed, 0xffff};
    return {.offset = offsets[below(random, std::size(offsets))],
            .ticket = tickets[below(random, std::size(tickets))],
            .segment = static_cast<std::uint8_t>(below(random, 3) == 0 ? random() : 0),
            .in_slot = below(random, 4) == 0};
}

std::uint64_t value_of(Lie lie, std::uint64_t current, const Places& places, Random& random) {
    constexpr std::uint64_t top_bit = std::uint64_t{1} << 63;
    switch (lie) {
        case Lie::zero:
            return 0;
        case Lie::one:
            return 1;
        case Lie::all_ones:
            return ~std::uint64_t{0};
        case Lie::top_bit:
            return top_bit;
        case Lie::just_below_the_top_bit:
            return top_bit - 1;
        case Lie::one_less:
            return current - 1;
        case Lie::one_more:
            return current + 1;
        case Lie::a_lap_less:
            return current - buffer_size;
        case Lie::a_lap_more:
            return current + buffer_size;
        case Lie::far_ahead:
            return current + (std::uint64_t{1} << below(random, 63));
        case Lie::another_words:
            return word_at(places[below(random, places.size())].word).load(std::memory_order_relaxed);
        case Lie::a_descriptor:
            return wrong_descriptor(random).pack();
        case Lie::random:
            break;
    }
    return random();
}

}  // namespace

void add_ring(Places& places, std::byte* segment, const layout::Connection& ring) {
    using layout::Connection;
    for (const auto& [name, offset] : {std::pair{"read position", Connection::read_position},
                                       {"hold", Connection::hold},
                                       {"receiver's wake word", Connection::receiver_wake},
                                       {"receiver closed", Connection::receiver_closed},
                                       {"disconnect hint", Connection::disconnect_hint},
                                       {"sender's wake word", Connection::sender_wake},
                                       {"first live number", Connection::first_live},
                                       {"receiver's handle known", Connection::receiver_handle_known},
                                       {"end position", Connection::end_position},
                                       {"ended stream", Connection::ended_stream},
                                       {"sender's handle known", Connection::sender_handle_known}})
        places.push_back({name, segment + offset});
    for (std::uint64_t ticket = 0; ticket < ring.ticket_count; ++ticket)
        places.push_back({"return flag", segment + Connection::flags + ticket * sizeof(std::uint64_t)});
    for (std::uint64_t i = 0; i < ring.slot_count; ++i) {
        std::byte* const slot = segment + ring.slots + i * ring.slot_size;
        places.push_back({"slot's publication", slot + ipc::ring::Slot::publication});
        places.push_back({"slot's sequence number", slot + ipc::ring::Slot::sequence});
        places.push_back({"slot's descriptor", slot + ipc::ring::Slot::descriptor});
        places.push_back({"slot's elements", slot + ipc::ring::Slot::elements});
    }
}

void add_requests(Places& places, std::byte* segment, const layout::RequestConnection& connection) {
    add_ring(places, segment, connection.requests);
    for (std::uint64_t lane = 0; lane < connection.lane_count; ++lane)
        add_ring(places, segment + connection.lane(lane), connection.responses);
}

void add_events(Places& places, std::byte* segment, const layout::EventConnection& connection) {
    using layout::EventConnection;
    for (const auto& [name, offset] : {std::pair{"news", EventConnection::news},
                                       {"news' value", EventConnection::value},
                                       {"listener's wake word", EventConnection::receiver_wake},
                                       {"listener closed", EventConnection::receiver_closed},
                                       {"listener's handle known", EventConnection::receiver_handle_known},
                                       {"notifier closed", EventConnection::sender_closed}})
        places.push_back({name, segment + offset});
    for (unsigned level = 0; level < connection.level_count; ++level)
        for (std::uint64_t i = 0; i < std::min<std::uint64_t>(connection.levels[level].count, 8); ++i)
            places.push_back({level == 0 ? "event's counter" : "group's counter",
                              segment + connection.levels[level].offset + i * sizeof(std::uint64_t)});
}

void add_data(Places& places, std::byte* segment, const layout::Data& data) {
    for (std::uint64_t i = 0; i < data.history_entries; ++i) {
        std::byte* const entry = segment + layout::Data::history + i * layout::Data::HistoryEntry::size;
        places.push_back({"history entry's word", entry + layout::Data::HistoryEntry::word});
        places.push_back({"history entry's descriptor", entry + layout::Data::HistoryEntry::descriptor});
    }
    for (std::uint64_t i = 0; i < data.chunk_count; ++i)
        places.push_back({"chunk's first word", segment + data.chunks + i * data.chunk_size});
}

void tell(Lie lie, const Place& place, const Places& places, Random& random) {
    auto& word = word_at(place.word);
    word.store(value_of(lie, word.load(std::memory_order_relaxed), places, random),
               std::memory_order_relaxed);
}

void scribble(std::byte* segment, std::size_t size, Random& random) {
    const std::size_t at = below(random, size);
    const std::size_t end = at + std::min<std::size_t>(size - at, 1 + below(random, 64));
    for (std::size_t i = at; i < end; ++i)
        std::atomic_ref<std::byte>{segment[i]}.store(static_cast<std::byte>(random()),
                                                     std::memory_order_relaxed);
}

}  // namespace hostile
