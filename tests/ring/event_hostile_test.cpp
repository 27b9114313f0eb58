// SPDX-License-Identifier: Apache-2.0

// A peer writes into an event connection whatever it likes. The listener notices or is not harmed, and a
// notifier does not even look.
#include "catch.hpp"
#include "event_fixture.hpp"

#include <limits>
#include <random>

using namespace ring_tests;

namespace {

constexpr std::uint64_t largest_count = std::numeric_limits<std::uint64_t>::max();
constexpr auto ignore = [](std::uint64_t, std::uint64_t) {};

bool cuts(Events& events) {
    if (GENERATE(false, true)) return events.listener.collect(ignore) == EventOutcome::corrupted;
    // What comes before it is told first.
    EventOutcome outcome = EventOutcome::some;
    for (int i = 0; i < 3 && outcome == EventOutcome::some; ++i)
        outcome = events.listener.collect_one(ignore);
    return outcome == EventOutcome::corrupted;
}

// Counts what a listener does to the segment.
struct Counted : ipc::ring::StdAtomics {
    static inline std::uint64_t accesses = 0;
    static Word& word(std::byte* segment, std::uint64_t offset) {
        ++accesses;
        return StdAtomics::word(segment, offset);
    }
};

}  // namespace

TEST_CASE("An id's counter that goes backwards is corrupted") {
    Events events(255);
    for (int i = 0; i < 3; ++i) events.notifier.notify(200);
    events.collect();
    events.forge(events.counter_offset(0, 200), 2);
    for (int i = 0; i < 2; ++i) events.notifier.notify(199);
    REQUIRE(cuts(events));
}

TEST_CASE("A group's counter that goes backwards is corrupted") {
    Events events(255);
    for (int i = 0; i < 3; ++i) events.notifier.notify(200);
    events.collect();
    for (int i = 0; i < 2; ++i) events.notifier.notify(1);
    events.forge(events.counter_offset(1, 200 / 64), 2);
    REQUIRE(cuts(events));
}

TEST_CASE("A counter beyond all counting is corrupted") {
    Events events(255);
    unsigned const level = GENERATE(0U, 1U);
    std::uint64_t const forged = GENERATE(std::uint64_t{1} << 63, largest_count);
    for (int i = 0; i < 2; ++i) events.notifier.notify(200);
    events.forge(events.counter_offset(level, level == 0 ? 200 : 200 / 64), forged);
    REQUIRE(cuts(events));
}

TEST_CASE("News of an id that does not exist is corrupted") {
    Events events(200);
    events.forge(EventConnection::news,
                 EventNews::of(1, GENERATE(std::uint64_t{201}, std::uint64_t{65535})).word);
    REQUIRE(cuts(events));
}

TEST_CASE("News of what did not happen is told at most once") {
    Events events(255);
    events.notifier.notify(7);
    // Its counter is not where the news says it is: this time the listener believes it, the next time not.
    events.forge(EventConnection::value, EventValue::of(GENERATE(0U, 1U, 5U), 1).word);
    events.forge(events.counter_offset(0, 7), 0);
    Happened happened;
    EventOutcome outcome = EventOutcome::nothing;
    for (int i = 0; i < 3; ++i) {
        outcome = events.listener.collect([&](auto id, auto count) { happened[id] += count; });
        for (int k = 0; k < 2; ++k) events.notifier.notify(8);
        events.forge(events.counter_offset(0, 7), 0);
        events.forge(events.counter_offset(1, 0), 100 + static_cast<std::uint64_t>(i));
    }
    REQUIRE(happened[7] <= 1);
    REQUIRE((happened[7] == 0 || outcome == EventOutcome::corrupted));
}

TEST_CASE("A notifier does not read back what its listener may have written") {
    Events events(255);
    for (std::uint64_t offset = 0; offset < events.connection.size; offset += 8)
        events.forge(offset, GENERATE(std::uint64_t{12345}, largest_count));
    events.notifier.notify(200);
    events.notifier.notify(200);
    auto const word = [&](std::uint64_t offset) {
        return events.segment.word(offset).load(std::memory_order_relaxed);
    };
    REQUIRE(word(events.counter_offset(0, 200)) == 2);
    REQUIRE(word(events.counter_offset(1, 200 / 64)) == 2);
    REQUIRE(word(EventConnection::news) == EventNews::of(2, 200).word);
}

TEST_CASE("However much a notifier says that it did, a collect looks at each counter once") {
    auto const connection = ipc::layout::event_connection(65535);
    Segment segment(connection.size);
    using Listener = ipc::ring::EventReceiver<Counted>;
    Listener listener(segment.data(), connection);
    std::mt19937_64 random(7);
    for (int round = 1; round <= 5; ++round) {
        for (unsigned level = 0; level < connection.level_count; ++level)
            for (std::uint64_t i = 0; i < connection.levels[level].count; ++i)
                segment.word(connection.levels[level].offset + 8 * i)
                    .store((std::uint64_t{1} << 60) * static_cast<std::uint64_t>(round),
                           std::memory_order_relaxed);
        segment.word(EventConnection::news).store(EventNews::of(random(), 3).word, std::memory_order_relaxed);
        Counted::accesses = 0;
        std::uint64_t told = 0;
        auto const sink = [&](std::uint64_t, std::uint64_t) { ++told; };
        REQUIRE(listener.collect(sink) == Listener::Outcome::some);
        REQUIRE(told <= connection.levels[0].count);
        REQUIRE(Counted::accesses <= connection.counter_count + 3);
    }
}

TEST_CASE("Garbage in every word of the segment: every call returns, with ids that exist") {
    std::mt19937_64 random(20240502);
    for (int round = 0; round < 3000; ++round) {
        std::uint64_t const max = random() % 3 == 0 ? random() % 5000 : random() % 300;
        Events events(max);
        auto const sink = [&](std::uint64_t id, std::uint64_t count) {
            REQUIRE(id <= max);
            REQUIRE(count != 0);
        };
        for (int step = 0; step < 40; ++step) {
            // Mostly where it matters: the polled line.
            std::uint64_t const words = random() % 2 == 0 ? 8 : events.connection.size / 8;
            if (random() % 2 == 0)
                events.forge(random() % words * 8, random() % 4 == 0 ? random() : random() % 16);
            if (random() % 4 == 0)
                events.forge(EventConnection::news, EventNews::of(random() % 8, random() % (max + 3)).word);
            if (random() % 2 == 0) events.notifier.notify(random() % (max + 1));
            static_cast<void>(events.notifier.receiver_wants_wake());
            static_cast<void>(events.listener.has_unclaimed());
            auto const outcome =
                random() % 2 == 0 ? events.listener.collect(sink) : events.listener.collect_one(sink);
            if (outcome == EventOutcome::corrupted) break;
        }
    }
}
