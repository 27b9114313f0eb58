// SPDX-License-Identifier: Apache-2.0
// Notifiers and listeners that come, go and die.
#include "catch.hpp"
#include "event/world.hpp"

#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace event;

namespace {

constexpr std::uint64_t created = 100, dropped = 101, dead = 102;

ipc::EventService mortal(const ipc::Node& node) {
    auto builder = node.service_builder("mortal").event();
    return builder.max_notifiers(4)
        .notifier_created_event(EventId{created})
        .notifier_dropped_event(EventId{dropped})
        .notifier_dead_event(EventId{dead})
        .open_or_create()
        .value();
}

// Tells event 1 as often as it was asked to, and then does what it is told.
ACTOR(mortal_notifier) {
    auto node = ipc::NodeBuilder{}.name("mortal").create().value();
    auto notifier = std::optional{mortal(node).notifier_builder().create().value()};
    for (std::uint64_t i = 0; i < std::stoull(arguments.at(0)); ++i) notifier->notify(EventId{1}).value();
    test.tell("told");
    for (;;) {
        const std::string next = test.hear();
        if (next == "drop and exit") {
            // No other thread of this process gets the time to say anything more.
            notifier.reset();
            ::_exit(0);
        }
        if (next == "drop") notifier.reset();
        if (next == "notify") notifier->notify(EventId{2}).value();
        test.tell("done");
    }
}

ACTOR(notifier_flat_out) {
    auto node = ipc::NodeBuilder{}.name("flat out").create().value();
    auto notifier = mortal(node).notifier_builder().create().value();
    test.tell("begun");
    for (std::uint64_t i = 0;; ++i) notifier.notify(EventId{i % 50}).value();
}

ACTOR(mortal_listener) {
    auto node = ipc::NodeBuilder{}.name("mortal").create().value();
    auto listener = mortal(node).listener_builder().create().value();
    test.tell("ready");
    const auto ignore = [](EventActivation) {};
    if (arguments.at(0) == "sleeping") (void)listener.blocking_wait(ignore);
    for (;;) (void)listener.try_wait(ignore);
}

}  // namespace

TEST_CASE("a listener hears when a notifier is created and when it is dropped", "[event][lifecycle]") {
    World world;
    const auto service = mortal(world.node);
    auto listener = service.listener_builder().create().value();
    CHECK(heard(listener).empty());
    std::optional notifier{service.notifier_builder().create().value()};
    CHECK(heard(listener) == Tally{{created, 1}});
    notifier->notify(EventId{1}).value();
    notifier.reset();
    CHECK(heard(listener, 2) == Tally{{1, 1}, {dropped, 1}});
}

TEST_CASE("a listener does not hear of notifiers that were there before it", "[event][lifecycle]") {
    World world;
    const auto service = mortal(world.node);
    const auto notifier = service.notifier_builder().create().value();
    auto listener = service.listener_builder().create().value();
    CHECK(heard(listener).empty());
    const auto other = service.notifier_builder().create().value();
    CHECK(heard(listener) == Tally{{created, 1}});
}

TEST_CASE("in a service without such events nothing is heard of notifiers", "[event][lifecycle]") {
    World world;
    const auto service = world.node.service_builder("plain").event().create().value();
    auto listener = service.listener_builder().create().value();
    { const auto notifier = service.notifier_builder().create().value(); }
    // By the time that this one is connected, the listener's node has seen the other go.
    auto last = service.notifier_builder().create().value();
    last.notify(EventId{1}).value();
    CHECK(heard(listener) == Tally{{1, 1}});
}

TEST_CASE("what a killed notifier told is heard, and that it is dead", "[event][lifecycle]") {
    World world;
    const auto service = mortal(world.node);
    auto listener = service.listener_builder().create().value();
    for (int generation = 0; generation < 5; ++generation) {
        harness::Actor actor{"mortal_notifier", {"1000"}, world.broker.environment()};
        actor.expect("told");
        actor.process.signal(SIGKILL);
        CHECK(heard(listener, 1002) == Tally{{1, 1000}, {created, 1}, {dead, 1}});
        actor.wait();
    }
}

TEST_CASE("a sleeping listener is woken by a notifier's death", "[event][lifecycle]") {
    World world;
    auto listener = mortal(world.node).listener_builder().create().value();
    harness::Actor actor{"mortal_notifier", {"0"}, world.broker.environment()};
    actor.expect("told");
    CHECK(listener.timed_wait_one(patience).value() == EventId{created});
    std::thread killer{[&] { actor.kill(); }};
    CHECK(listener.timed_wait_one(patience).value() == EventId{dead});
    killer.join();
}

TEST_CASE("a death is heard without a broker", "[event][lifecycle]") {
    World world;
    auto listener = mortal(world.node).listener_builder().create().value();
    harness::Actor actor{"mortal_notifier", {"3"}, world.broker.environment()};
    actor.expect("told");
    CHECK(heard(listener, 4) == Tally{{1, 3}, {created, 1}});
    world.broker.kill();
    actor.tell("notify");
    CHECK(heard(listener, 1) == Tally{{2, 1}});
    actor.expect("done");
    actor.kill();
    CHECK(heard(listener, 1) == Tally{{dead, 1}});
}

TEST_CASE("a notifier that was dropped just before its process ended did not die", "[event][lifecycle]") {
    World world;
    auto listener = mortal(world.node).listener_builder().create().value();
    for (int generation = 0; generation < 20; ++generation) {
        harness::Actor actor{"mortal_notifier", {"1"}, world.broker.environment()};
        actor.expect("told");
        actor.tell("drop and exit");
        CHECK(heard(listener, 3) == Tally{{1, 1}, {created, 1}, {dropped, 1}});
        CHECK(actor.wait() == harness::Ending{.exited = true});
    }
    CHECK(heard(listener).empty());
}

TEST_CASE("a notifier that was dropped is not dead when its process is", "[event][lifecycle]") {
    World world;
    auto listener = mortal(world.node).listener_builder().create().value();
    harness::Actor actor{"mortal_notifier", {"0"}, world.broker.environment()};
    actor.expect("told");
    actor.tell("drop");
    CHECK(heard(listener, 2) == Tally{{created, 1}, {dropped, 1}});
    actor.expect("done");
    actor.kill();
    // By the time that this one is connected, the listener's node has seen whatever there was to see.
    auto service = mortal(world.node);
    auto last = service.notifier_builder().create().value();
    CHECK(heard(listener) == Tally{{created, 1}});
}

TEST_CASE("notifiers killed flat out leave their listener whole", "[event][lifecycle]") {
    World world;
    const auto service = mortal(world.node);
    auto listener = service.listener_builder().create().value();
    for (int generation = 0; generation < 5; ++generation) {
        std::vector<std::unique_ptr<harness::Actor>> actors;
        for (int i = 0; i < 3; ++i)
            actors.push_back(std::make_unique<harness::Actor>("notifier_flat_out", std::vector<std::string>{},
                                                              world.broker.environment()));
        for (auto& actor : actors) actor->expect("begun");
        Tally tally = heard(listener, 1000);
        for (auto& actor : actors) actor->kill();
        while (tally[dead] < 3)
            for (const auto& [id, count] : heard(listener, 1)) tally[id] += count;
        CHECK(tally[created] == 3);
        CHECK(tally[dropped] == 0);
        CHECK(heard(listener).empty());
    }
    auto notifier = service.notifier_builder().create().value();
    CHECK(notifier.notify(EventId{1}).value() == 1);
    CHECK(heard(listener) == Tally{{1, 1}, {created, 1}});
}

TEST_CASE("a notifier goes on when listeners are killed, asleep or awake", "[event][lifecycle]") {
    World world;
    const auto service = mortal(world.node);
    auto notifier = service.notifier_builder().create().value();
    auto survivor = service.listener_builder().create().value();
    for (const char* how : {"sleeping", "polling", "sleeping", "polling"}) {
        harness::Actor actor{"mortal_listener", {how}, world.broker.environment()};
        actor.expect("ready");
        CHECK(notifier.listeners().value().size() == 2);
        for (int i = 0; i < 1000; ++i) notifier.notify(EventId{1}).value();
        actor.process.signal(SIGKILL);
        for (int i = 0; i < 1000; ++i) notifier.notify(EventId{1}).value();
        actor.wait();
        CHECK(heard(survivor) == Tally{{1, 2000}});
        REQUIRE(harness::eventually([&] { return notifier.listeners().value().size() == 1; }));
    }
    CHECK(notifier.notify().value() == 1);
}

TEST_CASE("the place of a killed notifier is free for another", "[event][lifecycle]") {
    World world;
    const auto service = mortal(world.node);
    auto listener = service.listener_builder().create().value();
    for (int generation = 0; generation < 12; ++generation) {
        harness::Actor actor{"mortal_notifier", {"2"}, world.broker.environment()};
        actor.expect("told");
        actor.kill();
    }
    CHECK(heard(listener, 12 * 4) == Tally{{1, 24}, {created, 12}, {dead, 12}});
}
