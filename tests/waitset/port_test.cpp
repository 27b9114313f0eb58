// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "pubsub/world.hpp"
#include "waiting_set.hpp"

#include <atomic>
#include <cstdint>
#include <optional>
#include <thread>
#include <utility>

using namespace waitset;
using harness::World;

namespace {

auto numbers(ipc::Node& node, const char* name = "numbers") {
    return node.service_builder(name)
        .publish_subscribe<std::uint64_t>()
        .subscriber_max_buffer_size(8)
        .enable_safe_overflow(false)
        .max_publishers(4)
        .open_or_create()
        .value();
}

// A copy of each number that it is sent goes back.
ACTOR(answering_from_a_set) {
    auto node = ipc::NodeBuilder{}.name("answering").create().value();
    auto publisher = numbers(node, "answers").publisher_builder().create().value();
    auto subscriber = numbers(node, "questions").subscriber_builder().create().value();
    auto set = ipc::WaitSetBuilder{}.create().value();
    const auto guard = set.attach_notification(subscriber).value();
    test.tell("ready");
    std::uint64_t left = std::stoull(test.hear());
    set.wait_and_process([&](const WaitSetAttachmentId&) {
           while (const auto sample = subscriber.receive().value()) {
               publisher.send_copy(**sample).value();
               --left;
           }
           return left == 0 ? CallbackProgression::Stop : CallbackProgression::Continue;
       })
        .value();
    return 0;
}

}  // namespace

TEST_CASE("two processes that sleep in wait sets wake each other, again and again", "[waitset]") {
    World world;
    auto publisher = numbers(world.node, "questions").publisher_builder().create().value();
    auto subscriber = numbers(world.node, "answers").subscriber_builder().create().value();
    auto set = a_wait_set();
    const auto guard = set.attach_notification(subscriber).value();
    harness::Actor actor{"answering_from_a_set", {}, world.broker.environment()};
    actor.expect("ready");
    constexpr std::uint64_t count = 5000;
    actor.tell(std::to_string(count));
    for (std::uint64_t i = 0; i < count; ++i) {
        pubsub::send(publisher, i, 1);
        REQUIRE(round_of(set, patience) == ids({&guard}));
        const auto answer = subscriber.receive().value();
        REQUIRE(answer.has_value());
        REQUIRE(**answer == i);
    }
    CHECK(actor.wait() == harness::Ending{.exited = true});
}

TEST_CASE("no wake-up of a wait set is lost between many senders", "[waitset][threads]") {
    World world;
    auto service = numbers(world.node);
    constexpr std::uint64_t each = 5000;
    auto subscriber = service.subscriber_builder().create().value();
    auto set = a_wait_set();
    const auto guard = set.attach_notification(subscriber).value();
    std::vector<ipc::Publisher<std::uint64_t>> publishers;
    for (int i = 0; i < 3; ++i) publishers.push_back(service.publisher_builder().create().value());
    std::vector<std::thread> threads;
    for (auto& publisher : publishers)
        threads.emplace_back([&] {
            for (std::uint64_t i = 1; i <= each; ++i) publisher.send_copy(i).value();
        });
    std::uint64_t received = 0;
    while (received < 3 * each) {
        const auto called = round_of(set, patience);
        if (called.empty()) break;  // slept over something
        if (subscriber.receive().value().has_value()) ++received;
    }
    for (auto& thread : threads) thread.join();
    CHECK(received == 3 * each);
}

TEST_CASE("a publisher that comes while a set waits is heard", "[waitset]") {
    World world;
    auto service = numbers(world.node);
    auto subscriber = service.subscriber_builder().create().value();
    auto set = a_wait_set();
    const auto guard = set.attach_notification(subscriber).value();
    std::thread publishers{[&] {
        for (std::uint64_t i = 1; i <= 20; ++i) {
            auto publisher = service.publisher_builder().create().value();
            publisher.send_copy(i).value();
        }
    }};
    std::uint64_t received = 0;
    std::uint64_t sum = 0;
    while (received < 20 && !round_of(set, patience).empty())
        while (const auto sample = subscriber.receive().value()) {
            ++received;
            sum += **sample;
        }
    publishers.join();
    CHECK(received == 20);
    CHECK(sum == 210);
}

TEST_CASE("a port may be moved while it is attached", "[waitset]") {
    World world;
    auto service = numbers(world.node);
    auto publisher = service.publisher_builder().create().value();
    std::optional subscriber{service.subscriber_builder().create().value()};
    auto set = a_wait_set();
    const auto guard = set.attach_notification(*subscriber).value();
    auto moved = std::move(*subscriber);
    subscriber.reset();
    pubsub::send(publisher, std::uint64_t{7}, 1);
    REQUIRE(round_of(set, patience) == ids({&guard}));
    CHECK(**moved.receive().value() == 7);
}

TEST_CASE("a port that has ended is silent, with samples left or without", "[waitset]") {
    World world;
    auto service = numbers(world.node);
    auto publisher = service.publisher_builder().create().value();
    std::optional subscriber{service.subscriber_builder().create().value()};
    auto set = a_wait_set();
    std::optional guard{set.attach_notification(*subscriber).value()};
    pubsub::send(publisher, std::uint64_t{1}, 1);
    pubsub::send(publisher, std::uint64_t{2}, 1);
    std::optional<ipc::Sample<std::uint64_t>> held;
    SECTION("nothing is held") {}
    SECTION("a sample is held") {
        held = subscriber->receive().value();
    }
    subscriber.reset();
    CHECK(round_of(set).empty());
    CHECK_FALSE(readable(set.file_descriptor()));
    guard.reset();
    if (held) CHECK(**held == 1);
}

TEST_CASE("a guard does not keep the node of a port that has ended", "[waitset]") {
    World world;
    auto set = a_wait_set();
    std::optional<WaitSetGuard> guard;
    {
        auto node = harness::node_at(world.broker.socket(), "short-lived");
        auto subscriber = numbers(node).subscriber_builder().create().value();
        guard.emplace(set.attach_notification(subscriber).value());
    }
    ipc::Config config;
    config.socket = world.broker.socket();
    CHECK(harness::eventually([&] {
        bool there = false;
        ipc::Node::list(config, [&](const ipc::NodeDetails& node) {
            there = there || node.name == "short-lived";
            return CallbackProgression::Continue;
        }).value();
        return !there;
    }));
}

TEST_CASE("a port is in a set once, and in two sets at a time", "[waitset]") {
    World world;
    auto service = numbers(world.node);
    auto publisher = service.publisher_builder().create().value();
    auto subscriber = service.subscriber_builder().create().value();
    auto set = a_wait_set();
    auto other = a_wait_set();
    const auto guard = set.attach_notification(subscriber).value();
    const auto in_other = other.attach_deadline(subscriber, 1h).value();
    CHECK(set.attach_deadline(subscriber, 1s).error() == ipc::WaitSetAttachmentError::AlreadyAttached);
    CHECK(round_of(set).empty());
    CHECK(round_of(other).empty());
    pubsub::send(publisher, std::uint64_t{1}, 1);
    CHECK(round_of(set) == ids({&guard}));
    CHECK(round_of(other) == ids({&in_other}));
}

TEST_CASE("a node without a thread is driven while a set waits, attached or not", "[waitset]") {
    harness::BrokerProcess broker;
    auto lazy = harness::node_at(broker.socket(), "lazy", false);
    auto other = harness::node_at(broker.socket(), "other");
    SECTION("its subscriber is attached") {
        auto subscriber = numbers(lazy).subscriber_builder().create().value();
        auto set = a_wait_set();
        const auto guard = set.attach_notification(subscriber).value();
        std::thread sender{[&] {
            auto publisher = numbers(other).publisher_builder().create().value();
            publisher.send_copy(5).value();
        }};
        CHECK(round_of(set, patience) == ids({&guard}));
        CHECK(**subscriber.receive().value() == 5);
        sender.join();
    }
    SECTION("only its publisher is there") {
        auto publisher = numbers(lazy).publisher_builder().create().value();
        auto set = a_wait_set();
        const auto never = set.attach_interval(24h).value();
        const auto handle = set.stop_handle();
        std::thread joining{[&] {
            // Returns when the publisher has taken the connection up.
            const auto subscriber = numbers(other).subscriber_builder().create().value();
            handle.stop();
        }};
        CHECK(set.wait_and_process([](const WaitSetAttachmentId&) { return CallbackProgression::Continue; })
                  .value() == Result::StopRequest);
        joining.join();
    }
}

TEST_CASE("a deadline of a port is missed without samples, and met with them", "[waitset]") {
    World world;
    auto service = numbers(world.node);
    auto publisher = service.publisher_builder().create().value();
    auto subscriber = service.subscriber_builder().create().value();
    auto set = a_wait_set();
    {
        const auto guard = set.attach_deadline(subscriber, 5ms).value();
        const auto called = round_of(set, patience);
        REQUIRE(called.size() == 1);
        CHECK(called.front().has_missed_deadline(guard));
    }
    const auto guard = set.attach_deadline(subscriber, 24h).value();
    pubsub::send(publisher, std::uint64_t{1}, 1);
    const auto called = round_of(set, patience);
    REQUIRE(called.size() == 1);
    CHECK(called.front().has_event_from(guard));
}
