// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "event_fixture.hpp"
#include "layout/limits.hpp"

#include <vector>

using namespace ring_tests;

namespace {

const Happened nothing{};

// Ids of services of every size: counters in the polled line, in lines of their own, under groups in the
// polled line, under groups in lines of their own, and under groups of groups.
std::uint64_t any_max_id() {
    return GENERATE(std::uint64_t{0}, std::uint64_t{5}, std::uint64_t{6}, std::uint64_t{63},
                    std::uint64_t{64}, std::uint64_t{255}, std::uint64_t{400}, std::uint64_t{4095},
                    std::uint64_t{4096}, ipc::layout::max_event_id);
}

// A notifier's stores, made by hand.
struct ByHand : Events {
    std::uint64_t count;
    std::uint64_t notified = 0;
    explicit ByHand(std::uint64_t count_before) : Events(0), count(count_before) {
        forge(EventConnection::news, EventNews::of(count, 0).word);
        collect();
    }
    void notify() {
        ++notified;
        ++count;
        forge(counter_offset(0, 0), notified);
        forge(EventConnection::value, EventValue::of(notified, count).word);
        forge(EventConnection::news, EventNews::of(count, 0).word);
    }
};

}  // namespace

TEST_CASE("Every word of an event connection is in its segment, and no two are the same") {
    auto const connection = ipc::layout::event_connection(any_max_id());
    std::uint64_t end = EventConnection::counters;
    for (unsigned level = 0; level < connection.level_count; ++level) {
        auto const& at = connection.levels[level];
        if (at.offset == EventConnection::near_counters) {
            REQUIRE(level + 1 == connection.level_count);
            REQUIRE(at.count * 8 <= ipc::layout::cache_line - EventConnection::near_counters);
        } else {
            REQUIRE(at.offset >= end);
            end = at.offset + at.count * 8;
        }
    }
    REQUIRE(end <= connection.size);
    REQUIRE(connection.levels[connection.level_count - 1].count <= 64);
}

TEST_CASE("What was notified is told once, with how often it was") {
    std::uint64_t const max = any_max_id();
    Events events(max);
    REQUIRE_FALSE(events.listener.has_data());
    REQUIRE(events.collect() == nothing);

    Happened expected;
    for (std::uint64_t id : {max, std::uint64_t{0}, max, max / 2}) {
        events.notifier.notify(id);
        ++expected[id];
    }
    REQUIRE(events.listener.has_data());
    REQUIRE(events.collect() == expected);
    REQUIRE_FALSE(events.listener.has_data());
    REQUIRE(events.collect() == nothing);
}

TEST_CASE("One notification after the other is told, whatever ids they are of") {
    std::uint64_t const max = any_max_id();
    Events events(max);
    for (std::uint64_t i = 0; i < 200; ++i) {
        std::uint64_t const id = i * 7919 % (max + 1);
        events.notifier.notify(id);
        REQUIRE(events.collect() == Happened{{id, 1}});
        REQUIRE(events.collect() == nothing);
    }
}

TEST_CASE("Whatever lies between two looks, nothing is lost and nothing told twice") {
    std::uint64_t const max = any_max_id();
    Events events(max);
    std::uint64_t next = 0;
    for (std::uint64_t round = 0; round < 200; ++round) {
        Happened expected;
        for (std::uint64_t i = 0; i < round % 5; ++i) {
            std::uint64_t const id = next++ * 7919 % (max + 1);
            events.notifier.notify(id);
            ++expected[id];
        }
        REQUIRE(events.collect() == expected);
    }
}

TEST_CASE("Every id there is can be told") {
    Events events(ipc::layout::max_event_id);
    Happened expected;
    for (std::uint64_t id = 0; id <= ipc::layout::max_event_id; ++id) {
        events.notifier.notify(id);
        expected[id] = 1;
    }
    REQUIRE(events.collect() == expected);
    REQUIRE(events.collect() == nothing);
}

TEST_CASE("One occurrence at a time: nothing is lost, and a busy id starves nobody") {
    std::uint64_t const max = any_max_id();
    Events events(max);
    Happened expected;
    std::vector<std::uint64_t> const ids{0, 0, 0, max, max / 2, max};
    for (std::uint64_t id : ids) {
        events.notifier.notify(id);
        ++expected[id];
    }
    Happened happened;
    std::vector<std::uint64_t> order;
    for (std::size_t i = 0; i < ids.size(); ++i)
        REQUIRE(events.listener.collect_one([&](std::uint64_t id, std::uint64_t count) {
            happened[id] += count;
            order.push_back(id);
            REQUIRE(count == 1);
        }) == EventOutcome::some);
    REQUIRE(happened == expected);
    REQUIRE(Happened{{order[0], 1}, {order[1], 1}, {order[2], 1}}.size() == expected.size());
    REQUIRE(events.listener.collect_one([](std::uint64_t, std::uint64_t) {}) == EventOutcome::nothing);
    REQUIRE_FALSE(events.listener.has_data());
}

TEST_CASE("Taking one leaves the rest for whoever takes all") {
    std::uint64_t const max = any_max_id();
    Events events(max);
    Happened expected;
    for (std::uint64_t id : {max, std::uint64_t{0}, max}) {
        events.notifier.notify(id);
        ++expected[id];
    }
    Happened happened;
    static_cast<void>(
        events.listener.collect_one([&](std::uint64_t id, std::uint64_t count) { happened[id] += count; }));
    REQUIRE(events.listener.has_data());
    for (auto [id, count] : events.collect()) happened[id] += count;
    REQUIRE(happened == expected);
}

TEST_CASE("After the last occurrence was taken alone, asking says that there is nothing") {
    std::uint64_t const max = any_max_id();
    Events events(max);
    REQUIRE_FALSE(events.listener.has_unclaimed());
    for (std::uint64_t id : {max, std::uint64_t{0}, max}) events.notifier.notify(id);
    for (int i = 0; i < 3; ++i) {
        REQUIRE(events.listener.has_unclaimed());
        REQUIRE(events.listener.collect_one([](std::uint64_t, std::uint64_t) {}) == EventOutcome::some);
    }
    REQUIRE_FALSE(events.listener.has_unclaimed());
    REQUIRE_FALSE(events.listener.has_data());
}

TEST_CASE("What a callback throws costs what it was told, and nothing else") {
    Events events(255);
    events.notifier.notify(3);
    events.notifier.notify(200);
    Happened happened;
    REQUIRE_THROWS_AS(events.listener.collect([&](std::uint64_t id, std::uint64_t count) {
        happened[id] += count;
        throw 1;
    }),
                      int);
    for (auto [id, count] : events.collect()) happened[id] += count;
    REQUIRE(happened == Happened{{3, 1}, {200, 1}});
}

TEST_CASE("A count of notifications that begins again at 0 is harmless") {
    ByHand events((std::uint64_t{1} << 48) - 3);
    for (std::uint64_t i = 0; i < 5; ++i) {
        events.notify();
        REQUIRE(events.listener.has_data());
        REQUIRE(events.collect() == Happened{{0, 1}});
        REQUIRE_FALSE(events.listener.has_data());
    }
    ByHand further((std::uint64_t{1} << 48) - 3);
    for (std::uint64_t i = 0; i < 5; ++i) further.notify();
    REQUIRE(further.collect() == Happened{{0, 5}});
}

TEST_CASE("A listener begins again with the next connection") {
    Events events(255);
    for (int i = 0; i < 3; ++i) events.notifier.notify(200);
    events.collect();
    EventSender next(events.segment.data(), events.connection);
    for (std::uint64_t i = 0; i < events.connection.size; i += 8) events.forge(i, 0);
    events.listener.begin_again();
    REQUIRE_FALSE(events.listener.has_data());
    next.notify(200);
    REQUIRE(events.collect() == Happened{{200, 1}});
}

TEST_CASE("A notifier wakes once for each time that a listener lay down") {
    Events events(255);
    REQUIRE_FALSE(events.notifier.receiver_wants_wake());
    events.listener.raise_wake();
    events.notifier.notify(1);
    REQUIRE(events.notifier.receiver_wants_wake());
    events.notifier.notify(1);
    REQUIRE_FALSE(events.notifier.receiver_wants_wake());
    events.listener.raise_wake();
    REQUIRE(events.notifier.receiver_wants_wake());
}

TEST_CASE("Notifier and listener tell each other of handles and of the end") {
    Events events(255);
    REQUIRE_FALSE(events.listener.sender_has_handle());
    events.notifier.confirm_receiver_handle();
    REQUIRE(events.listener.sender_has_handle());
    REQUIRE_FALSE(events.notifier.receiver_closed());
    events.listener.close();
    REQUIRE(events.notifier.receiver_closed());
    REQUIRE_FALSE(events.listener.sender_closed());
    events.notifier.close();
    REQUIRE(events.listener.sender_closed());
}
