// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "event/world.hpp"
#include "wait_counter.hpp"
#include "waiting_set.hpp"

#include <cstdint>
#include <thread>
#include <vector>

using namespace waitset;
using event::heard;
using event::Tally;
using harness::World;
using ipc::EventId;

namespace {

auto events(ipc::Node& node, const char* name) {
    return node.service_builder(name).event().open_or_create().value();
}

// Notifies until it is killed.
ACTOR(notifying_for_ever) {
    auto node = ipc::NodeBuilder{}.name("notifying").create().value();
    auto notifier = events(node, "deaths").notifier_builder().create().value();
    test.tell("ready");
    test.hear();
    return 1;
}

// An answer to each event, by the same event.
ACTOR(notifying_back_from_a_set) {
    auto node = ipc::NodeBuilder{}.name("answering").create().value();
    auto notifier = events(node, "answers").notifier_builder().create().value();
    auto listener = events(node, "questions").listener_builder().create().value();
    auto set = ipc::WaitSetBuilder{}.create().value();
    const auto guard = set.attach_notification(listener).value();
    test.tell("ready");
    std::uint64_t left = std::stoull(test.hear());
    set.wait_and_process([&](const WaitSetAttachmentId&) {
           listener
               .try_wait([&](ipc::EventActivation e) {
                   notifier.notify(e.id()).value();
                   left -= e.count();
               })
               .value();
           return left == 0 ? CallbackProgression::Stop : CallbackProgression::Continue;
       })
        .value();
    return 0;
}

}  // namespace

TEST_CASE("of two listeners and a subscriber the one that has something is called for", "[waitset]") {
    World world;
    auto first_service = events(world.node, "first");
    auto second_service = events(world.node, "second");
    auto numbers = world.node.service_builder("numbers").publish_subscribe<std::uint64_t>().create().value();
    auto first = first_service.listener_builder().create().value();
    auto second = second_service.listener_builder().create().value();
    auto subscriber = numbers.subscriber_builder().create().value();
    auto set = a_wait_set();
    const auto on_first = set.attach_notification(first).value();
    const auto on_second = set.attach_deadline(second, 24h).value();
    const auto on_number = set.attach_notification(subscriber).value();
    auto to_first = first_service.notifier_builder().create().value();
    auto to_second = second_service.notifier_builder().create().value();
    auto publisher = numbers.publisher_builder().create().value();
    while (readable(set.file_descriptor(), 5)) CHECK(round_of(set).empty());

    for (std::uint64_t i = 0; i < 50; ++i) {
        to_first.notify(EventId{i}).value();
        REQUIRE(round_of(set) == ids({&on_first}));
        REQUIRE(heard(first) == Tally{{i, 1}});
        to_second.notify(EventId{i}).value();
        to_second.notify(EventId{i}).value();
        REQUIRE(round_of(set) == ids({&on_second}));
        REQUIRE(heard(second) == Tally{{i, 2}});
        publisher.send_copy(i).value();
        REQUIRE(round_of(set) == ids({&on_number}));
        REQUIRE(**subscriber.receive().value() == i);
        REQUIRE(round_of(set).empty());
        REQUIRE_FALSE(readable(set.file_descriptor()));
    }
}

TEST_CASE("who hears one occurrence at a time is called once for each, and then left in peace",
          "[waitset][quiet]") {
    World world;
    auto service = events(world.node, "events");
    auto listener = service.listener_builder().create().value();
    auto set = a_wait_set();
    const auto guard = set.attach_notification(listener).value();
    auto notifier = service.notifier_builder().create().value();
    while (readable(set.file_descriptor(), 5)) CHECK(round_of(set).empty());
    for (int round = 0; round < 50; ++round) {
        for (std::uint64_t id : {3U, 3U, 200U, 7U, 3U}) notifier.notify(EventId{id}).value();
        const auto before = waits_so_far();
        std::uint64_t calls = 0;
        Tally tally;
        while (!round_of(set).empty()) {
            ++calls;
            if (const auto one = listener.try_wait_one().value()) ++tally[one->value()];
        }
        REQUIRE(tally == Tally{{3, 3}, {7, 1}, {200, 1}});
        REQUIRE(calls == 5);
        REQUIRE(waits_so_far() - before == 6);
        REQUIRE_FALSE(readable(set.file_descriptor()));
    }
}

TEST_CASE("two processes that sleep in wait sets notify each other, again and again", "[waitset]") {
    World world;
    auto notifier = events(world.node, "questions").notifier_builder().create().value();
    auto listener = events(world.node, "answers").listener_builder().create().value();
    auto set = a_wait_set();
    const auto guard = set.attach_notification(listener).value();
    harness::Actor actor{"notifying_back_from_a_set", {}, world.broker.environment()};
    actor.expect("ready");
    constexpr std::uint64_t count = 5000;
    actor.tell(std::to_string(count));
    for (std::uint64_t i = 0; i < count; ++i) {
        notifier.notify(EventId{i % 256}).value();
        REQUIRE(round_of(set, patience) == ids({&guard}));
        REQUIRE(heard(listener) == Tally{{i % 256, 1}});
    }
    CHECK(actor.wait() == harness::Ending{.exited = true});
}

TEST_CASE("no notification is slept over in a wait set, however many notify", "[waitset][threads]") {
    World world;
    auto service = events(world.node, "events");
    auto listener = service.listener_builder().create().value();
    auto set = a_wait_set();
    const auto guard = set.attach_notification(listener).value();
    constexpr std::uint64_t each = 20'000;
    std::vector<std::thread> threads;
    for (std::uint64_t i = 0; i < 3; ++i)
        threads.emplace_back([&, i] {
            auto notifier = service.notifier_builder().create().value();
            for (std::uint64_t k = 0; k < each; ++k) notifier.notify(EventId{i * 64 + k % 3}).value();
        });
    std::uint64_t told = 0;
    while (told < 3 * each && !round_of(set, patience).empty())
        for (const auto& [id, count] : heard(listener)) told += count;
    for (auto& thread : threads) thread.join();
    CHECK(told == 3 * each);
}

TEST_CASE("a wait set is told of a notifier that was killed", "[waitset]") {
    World world;
    auto service =
        world.node.service_builder("deaths").event().notifier_dead_event(EventId{9}).create().value();
    auto listener = service.listener_builder().create().value();
    auto set = a_wait_set();
    const auto guard = set.attach_notification(listener).value();
    harness::Actor actor{"notifying_for_ever", {}, world.broker.environment()};
    actor.expect("ready");
    actor.kill();
    REQUIRE(round_of(set, patience) == ids({&guard}));
    CHECK(heard(listener) == Tally{{9, 1}});
    CHECK(round_of(set).empty());
    CHECK_FALSE(readable(set.file_descriptor()));
}
