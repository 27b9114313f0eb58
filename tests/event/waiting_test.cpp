// SPDX-License-Identifier: Apache-2.0
// Listeners that sleep.
#include "catch.hpp"
#include "event/world.hpp"

#include <poll.h>

#include <csignal>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace event;

namespace {

void ignore(EventActivation) {}

bool readable(int descriptor, int timeout_ms) {
    pollfd one{.fd = descriptor, .events = POLLIN, .revents = 0};
    return ::poll(&one, 1, timeout_ms) == 1;
}

// Hears until nothing is left; whether the descriptor is quiet then. It may be readable once more with
// nothing there.
bool becomes_quiet(ipc::Listener& listener, int descriptor) {
    return harness::eventually([&] {
        while (listener.try_wait(ignore).value() != 0) {
        }
        return !readable(descriptor, 1);
    });
}

ipc::Node node_of_actor(bool membarrier) {
    ipc::Config config;
    config.membarrier = membarrier;
    return ipc::NodeBuilder{}.name("actor").config(config).create().value();
}

ACTOR(answering_events) {
    auto node = node_of_actor(true);
    auto notifier =
        node.service_builder("answers").event().open_or_create().value().notifier_builder().create().value();
    auto listener = node.service_builder("questions")
                        .event()
                        .open_or_create()
                        .value()
                        .listener_builder()
                        .create()
                        .value();
    test.tell("ready");
    const auto count = std::stoull(test.hear());
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto id = listener.timed_wait_one(patience).value();
        if (!id) return 1;
        notifier.notify(*id).value();
    }
    return 0;
}

// Notifies as often as it is told to, in bursts with pauses of random length, so that the listener falls
// asleep at all moments.
ACTOR(bursting_notifier) {
    auto node = node_of_actor(arguments.at(0) == "with");
    auto service = node.service_builder("E").event().open_or_create().value();
    auto notifier = service.notifier_builder().create().value();
    test.tell("ready");
    const auto count = std::stoull(test.hear());
    std::minstd_rand random{static_cast<unsigned>(count)};
    for (std::uint64_t told = 0; told < count;) {
        for (std::uint64_t burst = 1 + random() % 16; burst > 0 && told < count; --burst, ++told)
            notifier.notify(EventId{random() % 256}).value();
        for (volatile std::uint64_t pause = random() % 8192; pause > 0;) pause = pause - 1;
    }
    test.tell(std::to_string(count));
    (void)test.hear();
    return 0;
}

ACTOR(waiting_to_be_terminated) {
    auto node = ipc::NodeBuilder{}.name("waiting").create().value();
    auto service = node.service_builder("E").event().open_or_create().value();
    auto listener = service.listener_builder().create().value();
    test.tell("ready");
    const auto all = listener.blocking_wait(ignore);
    test.tell(all ? "something" : std::string{to_string(all.error())});
    const auto one = listener.blocking_wait_one();
    test.tell(one ? "something" : std::string{to_string(one.error())});
    return 0;
}

}  // namespace

TEST_CASE("two processes that sleep notify each other, again and again", "[event][waiting]") {
    World world;
    auto notifier = world.node.service_builder("questions")
                        .event()
                        .open_or_create()
                        .value()
                        .notifier_builder()
                        .create()
                        .value();
    auto listener = world.node.service_builder("answers")
                        .event()
                        .open_or_create()
                        .value()
                        .listener_builder()
                        .create()
                        .value();
    harness::Actor actor{"answering_events", {}, world.broker.environment()};
    actor.expect("ready");
    constexpr std::uint64_t count = 5000;
    actor.tell(std::to_string(count));
    for (std::uint64_t i = 0; i < count; ++i) {
        REQUIRE(notifier.notify(EventId{i % 256}).value() == 1);
        REQUIRE(listener.timed_wait_one(patience).value() == EventId{i % 256});
    }
    CHECK(actor.wait() == harness::Ending{.exited = true});
}

TEST_CASE(
    "a million notifications wake a listener that sleeps at random moments, with and without membarrier",
    "[event][waiting]") {
    constexpr std::uint64_t count = 1'000'000;
    for (const char* here : {"with", "without"})
        for (const char* there : {"with", "without"}) {
            INFO("listener " << here << " membarrier, notifier " << there);
            harness::BrokerProcess broker;
            auto config = harness::config_for(broker.socket());
            config.membarrier = here == std::string{"with"};
            auto node = ipc::NodeBuilder{}.config(config).create().value();
            auto service = node.service_builder("E").event().create().value();
            auto listener = service.listener_builder().create().value();
            harness::Actor actor{"bursting_notifier", {there}, broker.environment()};
            actor.expect("ready");
            actor.tell(std::to_string(count / 4));
            std::minstd_rand random{7};
            std::uint64_t total = 0;
            const auto add = [&](EventActivation e) { total += e.count(); };
            while (total < count / 4) {
                for (std::uint64_t polls = random() % 64; polls > 0; --polls) listener.try_wait(add).value();
                // 0 after so long a time: a wake-up was lost.
                if (total < count / 4) REQUIRE(listener.timed_wait(add, patience).value() != 0);
            }
            CHECK(total == count / 4);
            actor.expect(std::to_string(count / 4));
            CHECK(heard(listener).empty());
        }
}

TEST_CASE("a notifier that comes while somebody sleeps is heard", "[event][waiting]") {
    World world;
    const auto service = world.node.service_builder("E").event().create().value();
    auto listener = service.listener_builder().create().value();
    std::thread notifiers{[&] {
        for (std::uint64_t i = 1; i <= 20; ++i)
            service.notifier_builder().create().value().notify(EventId{i}).value();
    }};
    Tally all;
    for (int i = 0; i < 20; ++i) ++all[listener.timed_wait_one(patience).value()->value()];
    notifiers.join();
    CHECK(all.size() == 20);
}

TEST_CASE("notifiers that come while somebody falls asleep wake him whenever they notify",
          "[event][waiting]") {
    World world;
    const auto service = world.node.service_builder("E").event().create().value();
    auto listener = service.listener_builder().create().value();
    auto pacemaker = service.notifier_builder().create().value();
    for (int round = 0; round < 300; ++round) {
        std::uint64_t beats = 0;
        // Hears the pacemaker and lies down again, all the time, while a notifier is connected.
        std::thread sleeper{[&] {
            for (;;) {
                const auto id = listener.timed_wait_one(patience).value();
                if (!id || *id == EventId{2}) return;
                ++beats;
            }
        }};
        std::optional<ipc::Notifier> notifier;
        std::thread creator{[&] { notifier = service.notifier_builder().create().value(); }};
        for (int i = 0; i < 20; ++i) pacemaker.notify(EventId{1}).value();
        creator.join();
        // Now nothing but this one's own wake-up can be relied on.
        notifier->notify(EventId{2}).value();
        sleeper.join();
        CHECK(heard(listener).count(2) == 0);
    }
}

TEST_CASE("the descriptor is readable while there is something to hear, and quiet when it was heard",
          "[event][waiting]") {
    World world;
    const auto service = world.node.service_builder("E").event().create().value();
    auto listener = service.listener_builder().create().value();
    auto notifier = service.notifier_builder().create().value();
    const int descriptor = listener.file_descriptor().value();
    CHECK(listener.file_descriptor().value() == descriptor);
    REQUIRE(becomes_quiet(listener, descriptor));
    for (int i = 0; i < 200; ++i) {
        notifier.notify(EventId{1}).value();
        REQUIRE(readable(descriptor, 0));
        notifier.notify(EventId{2}).value();
        REQUIRE(listener.try_wait_one().value());
        REQUIRE(readable(descriptor, 0));  // there is one more
        REQUIRE(listener.try_wait_one().value());
        REQUIRE(becomes_quiet(listener, descriptor));
    }
    auto other = service.notifier_builder().create().value();
    REQUIRE(becomes_quiet(listener, descriptor));
    other.notify(EventId{1}).value();
    CHECK(readable(descriptor, 0));
}

TEST_CASE("of two listeners the one that heard everything is quiet", "[event][waiting]") {
    World world;
    const auto service = world.node.service_builder("E").event().create().value();
    auto notifier = service.notifier_builder().create().value();
    auto diligent = service.listener_builder().create().value();
    auto lazy = service.listener_builder().create().value();
    const int quiet = diligent.file_descriptor().value();
    const int pending = lazy.file_descriptor().value();
    notifier.notify().value();
    REQUIRE(becomes_quiet(diligent, quiet));
    CHECK(readable(pending, 0));
    CHECK(heard(lazy).size() == 1);
}

TEST_CASE("a descriptor tells of notifiers that come and go", "[event][waiting]") {
    World world;
    const auto service = world.node.service_builder("E")
                             .event()
                             .notifier_created_event(EventId{1})
                             .notifier_dropped_event(EventId{2})
                             .create()
                             .value();
    auto listener = service.listener_builder().create().value();
    const int descriptor = listener.file_descriptor().value();
    REQUIRE(becomes_quiet(listener, descriptor));
    std::optional notifier{service.notifier_builder().create().value()};
    CHECK(readable(descriptor, harness::patience_ms));
    CHECK(heard(listener) == Tally{{1, 1}});
    REQUIRE(becomes_quiet(listener, descriptor));
    notifier.reset();
    CHECK(readable(descriptor, harness::patience_ms));
    CHECK(heard(listener, 1) == Tally{{2, 1}});
}

TEST_CASE("a request to terminate ends a listener's wait", "[event][waiting]") {
    harness::BrokerProcess broker;
    harness::Actor actor{"waiting_to_be_terminated", {}, broker.environment()};
    actor.expect("ready");
    actor.process.signal(SIGTERM);
    actor.expect("Interrupted");
    actor.expect("Interrupted");
    CHECK(actor.wait() == harness::Ending{.exited = true});
}

TEST_CASE("a node without a thread is driven while its listener waits", "[event][waiting]") {
    harness::BrokerProcess broker;
    auto lazy = node_at(broker.socket(), "lazy", false);
    auto other = node_at(broker.socket(), "other");
    auto listener =
        lazy.service_builder("E").event().open_or_create().value().listener_builder().create().value();
    std::thread sender{[&] {
        auto service = other.service_builder("E").event().open_or_create().value();
        auto notifier = service.notifier_builder().create().value();
        notifier.notify(EventId{5}).value();
    }};
    CHECK(listener.timed_wait_one(patience).value() == EventId{5});
    sender.join();
}

TEST_CASE("a listener that never slept before the broker died can still sleep", "[event][waiting]") {
    World world;
    auto listener = world.node.service_builder("answers").event().open_or_create().value();
    auto ear = listener.listener_builder().create().value();
    harness::Actor actor{"answering_events", {}, world.broker.environment()};
    actor.expect("ready");
    auto mouth = world.node.service_builder("questions")
                     .event()
                     .open_or_create()
                     .value()
                     .notifier_builder()
                     .create()
                     .value();
    world.broker.kill();
    actor.tell("1");
    mouth.notify(EventId{9}).value();
    CHECK(ear.timed_wait_one(patience).value() == EventId{9});
    CHECK(ear.file_descriptor().error() == ipc::FileDescriptorError::NoBroker);
}
