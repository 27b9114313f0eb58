// SPDX-License-Identifier: Apache-2.0
// What is told is heard, as often as it was told.
#include "catch.hpp"
#include "event/world.hpp"

#include <algorithm>
#include <cstdint>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

using namespace event;

namespace {

struct Pair : World {
    explicit Pair(std::uint64_t highest = 255)
        : service{node.service_builder("E").event().event_id_max_value(highest).create().value()},
          notifier{service.notifier_builder().default_event_id(EventId{3}).create().value()},
          listener{service.listener_builder().create().value()} {}
    ipc::EventService service;
    ipc::Notifier notifier;
    ipc::Listener listener;
};

std::uint64_t last_heard = 0;
void hear(EventActivation activation) {
    last_heard = activation.id().value();
}

}  // namespace

TEST_CASE("a listener hears what happened, once, and how often", "[event]") {
    Pair pair;
    CHECK(heard(pair.listener).empty());
    CHECK(pair.notifier.notify().value() == 1);
    CHECK(heard(pair.listener) == Tally{{3, 1}});
    CHECK(heard(pair.listener).empty());
    for (int i = 0; i < 5; ++i) pair.notifier.notify(EventId{12}).value();
    for (int i = 0; i < 1000; ++i) pair.notifier.notify(EventId{0}).value();
    pair.notifier.notify(EventId{255}).value();
    CHECK(heard(pair.listener) == Tally{{0, 1000}, {12, 5}, {255, 1}});
    CHECK(heard(pair.listener).empty());
}

TEST_CASE("the number of activations is returned, not that of notifications", "[event]") {
    Pair pair;
    for (int i = 0; i < 7; ++i) pair.notifier.notify(EventId{1}).value();
    pair.notifier.notify(EventId{2}).value();
    const auto ignore = [](EventActivation) {};
    CHECK(pair.listener.try_wait(ignore).value() == 2);
    CHECK(pair.listener.try_wait(ignore).value() == 0);
    CHECK(pair.listener.timed_wait(ignore, 0ns).value() == 0);
    CHECK(pair.listener.timed_wait(ignore, 1ms).value() == 0);
}

TEMPLATE_TEST_CASE_SIG("every id that a service has can be told", "[event]",
                       ((std::uint64_t highest), highest), 0, 1, 63, 64, 255, 4095, 4096, 65535) {
    Pair pair{std::max<std::uint64_t>(highest, 3)};
    const std::set<std::uint64_t> ids{0, highest / 2, highest, highest == 0 ? 0 : highest - 1};
    Tally told;
    for (const std::uint64_t id : ids) {
        pair.notifier.notify(EventId{id}).value();
        told[id] = 1;
    }
    CHECK(heard(pair.listener) == told);
    for (const std::uint64_t id : ids) {
        pair.notifier.notify(EventId{id}).value();
        CHECK(pair.listener.try_wait_one().value() == EventId{id});
    }
}

TEST_CASE("one occurrence after the other can be heard", "[event]") {
    Pair pair;
    for (int i = 0; i < 3; ++i) pair.notifier.notify(EventId{7}).value();
    pair.notifier.notify(EventId{9}).value();
    Tally tally;
    for (int i = 0; i < 4; ++i) ++tally[pair.listener.timed_wait_one(patience).value()->value()];
    CHECK(tally == Tally{{7, 3}, {9, 1}});
    CHECK_FALSE(pair.listener.try_wait_one().value());
    CHECK_FALSE(pair.listener.timed_wait_one(1ms).value());
    pair.notifier.notify(EventId{1}).value();
    CHECK(pair.listener.blocking_wait_one().value() == EventId{1});
    pair.notifier.notify(EventId{2}).value();
    Tally blocked;
    pair.listener.blocking_wait([&](EventActivation e) { blocked[e.id().value()] += e.count(); }).value();
    CHECK(blocked == Tally{{2, 1}});
}

TEST_CASE("events and notifiers are served in turn", "[event]") {
    Pair pair;
    auto other = pair.service.notifier_builder().create().value();
    for (int i = 0; i < 100; ++i) {
        pair.notifier.notify(EventId{1}).value();
        pair.notifier.notify(EventId{2}).value();
        other.notify(EventId{3}).value();
    }
    Tally early;
    for (int i = 0; i < 30; ++i) ++early[pair.listener.try_wait_one().value()->value()];
    CHECK(early.size() == 3);
    CHECK(heard(pair.listener).size() == 3);
}

TEST_CASE("a listener hears all notifiers and a notifier is heard by all listeners", "[event]") {
    Pair pair;
    std::vector<ipc::Notifier> notifiers;
    std::vector<ipc::Listener> listeners;
    for (int i = 0; i < 15; ++i) {
        notifiers.push_back(pair.service.notifier_builder().create().value());
        listeners.push_back(pair.service.listener_builder().create().value());
    }
    CHECK(pair.notifier.notify(EventId{100}).value() == 16);
    for (std::uint64_t i = 0; i < 15; ++i) CHECK(notifiers[i].notify(EventId{i % 5}).value() == 16);
    const Tally expected{{0, 3}, {1, 3}, {2, 3}, {3, 3}, {4, 3}, {100, 1}};
    CHECK(heard(pair.listener) == expected);
    for (auto& listener : listeners) CHECK(heard(listener) == expected);
}

TEST_CASE("one chosen listener is notified and the others are not", "[event]") {
    Pair pair;
    auto other = pair.service.listener_builder().create().value();
    const auto listeners = pair.notifier.listeners().value();
    CHECK(std::set(listeners.begin(), listeners.end()) == std::set{pair.listener.id(), other.id()});
    pair.notifier.notify_listener(other.id(), EventId{8}).value();
    CHECK(heard(other) == Tally{{8, 1}});
    CHECK(heard(pair.listener).empty());
    CHECK(pair.notifier.notify_listener({1, 2}, EventId{8}).error() == ipc::NotifyError::NotConnected);
}

TEST_CASE("a listener that was dropped is not counted any more, from that moment on", "[event]") {
    Pair pair;
    {
        const auto other = pair.service.listener_builder().create().value();
        CHECK(pair.notifier.notify().value() == 2);
    }
    CHECK(pair.notifier.notify().value() == 1);
    CHECK(pair.notifier.listeners().value() == std::vector{pair.listener.id()});
    pair.listener = pair.service.listener_builder().create().value();
    CHECK(pair.notifier.notify().value() == 1);
    CHECK(heard(pair.listener) == Tally{{3, 1}});
}

TEST_CASE("who comes later hears what is told from then on", "[event]") {
    Pair pair;
    pair.notifier.notify(EventId{1}).value();
    auto late = pair.service.listener_builder().create().value();
    CHECK(heard(late).empty());
    pair.notifier.notify(EventId{2}).value();
    CHECK(heard(late) == Tally{{2, 1}});
    CHECK(heard(pair.listener) == Tally{{1, 1}, {2, 1}});
}

TEST_CASE("what was told before the notifier was dropped is heard", "[event]") {
    Pair pair;
    // Many more than there can be at a time, and nobody listens meanwhile.
    for (std::uint64_t i = 0; i < 100; ++i) {
        auto notifier = pair.service.notifier_builder().create().value();
        for (std::uint64_t n = 0; n <= i; ++n) notifier.notify(EventId{i}).value();
    }
    const Tally tally = heard(pair.listener, 100 * 101 / 2);
    CHECK(tally.size() == 100);
    for (const auto& [id, count] : tally) CHECK(count == id + 1);
    CHECK(heard(pair.listener).empty());
}

TEST_CASE("a callback may be a function, and may be const", "[event]") {
    Pair pair;
    pair.notifier.notify(EventId{77}).value();
    CHECK(pair.listener.try_wait(hear).value() == 1);
    CHECK(last_heard == 77);
    std::uint64_t heard_by_const = 0;
    const auto constant = [&heard_by_const](EventActivation e) { heard_by_const = e.id().value(); };
    pair.notifier.notify(EventId{78}).value();
    CHECK(pair.listener.blocking_wait(constant).value() == 1);
    CHECK(heard_by_const == 78);
}

TEST_CASE("a callback that throws loses nothing but what it was called for", "[event]") {
    Pair pair;
    auto other = pair.service.notifier_builder().create().value();
    for (std::uint64_t id = 0; id < 10; ++id) pair.notifier.notify(EventId{id}).value();
    other.notify(EventId{100}).value();
    std::uint64_t thrown_for = 0;
    const auto throws = [&](EventActivation e) {
        thrown_for = e.id().value();
        throw std::runtime_error{"too much"};
    };
    CHECK_THROWS_AS((void)pair.listener.try_wait(throws), std::runtime_error);
    Tally rest = heard(pair.listener);
    CHECK(rest.size() == 10);
    CHECK_FALSE(rest.contains(thrown_for));
    pair.notifier.notify(EventId{5}).value();
    CHECK(heard(pair.listener) == Tally{{5, 1}});
}

TEST_CASE("a callback may use its own listener", "[event]") {
    Pair pair;
    pair.notifier.notify(EventId{1}).value();
    pair.notifier.notify(EventId{2}).value();
    Tally tally;
    pair.listener
        .try_wait([&](EventActivation e) {
            tally[e.id().value()] += e.count();
            for (const auto& [id, count] : heard(pair.listener)) tally[id] += count;
        })
        .value();
    CHECK(tally == Tally{{1, 1}, {2, 1}});
}

TEST_CASE("ports of events can be moved", "[event]") {
    Pair pair;
    ipc::Notifier notifier{std::move(pair.notifier)};
    ipc::Listener listener{std::move(pair.listener)};
    notifier.notify(EventId{4}).value();
    CHECK(heard(listener) == Tally{{4, 1}});
}

TEST_CASE("event ids are values", "[event]") {
    CHECK(EventId{3} == EventId{3});
    CHECK(EventId{3} < EventId{4});
    CHECK(std::hash<EventId>{}(EventId{3}) == std::hash<EventId>{}(EventId{3}));
    std::ostringstream text;
    text << EventId{12};
    CHECK(text.str() == "12");
    CHECK(EventActivation{EventId{1}, 2} == EventActivation{EventId{1}, 2});
}
