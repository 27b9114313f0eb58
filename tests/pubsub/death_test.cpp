// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "pubsub/world.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace pubsub;

namespace {

template <class Payload>
auto service_of(ipc::Node& node) {
    return node.service_builder("mortal")
        .template publish_subscribe<Payload>()
        .subscriber_max_buffer_size(4)
        .max_publishers(1)
        .max_subscribers(2)
        .open_or_create()
        .value();
}

ACTOR(mortal_publisher) {
    auto node = ipc::NodeBuilder{}.name("mortal").create().value();
    auto publisher = service_of<Large>(node).publisher_builder().create().value();
    for (std::uint64_t i = 1; i <= 4; ++i) publisher.send_copy(Large{i}).value();
    test.tell("sent");
    while (true) {
        (void)test.hear();
        publisher.send_copy(Large{9}).value();
        test.tell("sent");
    }
}

ACTOR(mortal_subscriber) {
    auto node = ipc::NodeBuilder{}.name("mortal").create().value();
    auto subscriber = service_of<Large>(node).subscriber_builder().create().value();
    test.tell("ready");
    std::vector<ipc::Sample<Large>> held;
    while (held.size() < 2)
        if (auto sample = subscriber.receive(patience).value()) held.push_back(std::move(*sample));
    test.tell("holds");
    (void)test.hear();
    return 0;
}

}  // namespace

TEST_CASE("what a publisher sent before it was killed is received, and what is held stays",
          "[pubsub][death]") {
    World world;
    auto service = service_of<Large>(world.node);
    auto subscriber = service.subscriber_builder().create().value();
    std::optional<ipc::Sample<Large>> held;
    {
        harness::Actor actor{"mortal_publisher", {}, world.broker.environment()};
        actor.expect("sent");
        held = next(subscriber);
        actor.kill();
    }
    // The publisher's place in the service is free once its death was seen; a new one comes beside the dead.
    std::optional<ipc::Publisher<Large>> publisher;
    REQUIRE(harness::eventually([&] {
        auto created = service.publisher_builder().create();
        if (created) publisher = std::move(*created);
        return publisher.has_value();
    }));
    send(*publisher, Large{100}, 1);
    std::vector<std::uint64_t> received;
    for (int i = 0; i < 4; ++i) received.push_back(next(subscriber)->front());
    std::sort(received.begin(), received.end());
    CHECK(received == std::vector<std::uint64_t>{2, 3, 4, 100});
    CHECK((*held)->front() == 1);
    CHECK_FALSE(subscriber.receive().value().has_value());
}

TEST_CASE("generations of killed publishers leave their subscriber whole", "[pubsub][death]") {
    World world;
    auto subscriber = service_of<Large>(world.node).subscriber_builder().create().value();
    std::vector<ipc::Sample<Large>> held;
    for (int i = 0; i < 8; ++i) {
        std::unique_ptr<harness::Actor> actor;
        actor = std::make_unique<harness::Actor>("mortal_publisher", std::vector<std::string>{},
                                                 world.broker.environment());
        actor->expect("sent");
        for (std::uint64_t n = 1; n <= 4; ++n) {
            auto sample = next(subscriber);
            CHECK(sample->front() == n);
            if (n == 4 && i % 4 == 0) held.push_back(std::move(sample));
        }
        actor->kill();
        // Its successor is refused until the broker has seen the death.
        REQUIRE(harness::eventually(
            [&] { return service_of<Large>(world.node).publisher_builder().create().has_value(); }));
    }
    for (const auto& sample : held) CHECK(sample->front() == 4);
}

TEST_CASE("a publisher takes back what a killed subscriber held", "[pubsub][death]") {
    World world;
    auto service = service_of<Large>(world.node);
    auto publisher = service.publisher_builder().create().value();
    for (int i = 0; i < 5; ++i) {
        harness::Actor actor{"mortal_subscriber", {}, world.broker.environment()};
        actor.expect("ready");
        for (std::uint64_t n = 0; n < 6; ++n) publisher.send_copy(Large{n}).value();
        actor.expect("holds");
        actor.kill();
        REQUIRE(harness::eventually([&] { return publisher.update_connections().value() == 0; }));
    }
    auto subscriber = service.subscriber_builder().create().value();
    for (std::uint64_t n = 0; n < 1000; ++n) {
        send(publisher, Large{n}, 1);
        REQUIRE(subscriber.receive().value()->payload().front() == n);
    }
}

TEST_CASE("publisher and subscriber killed at once leave the service to others", "[pubsub][death]") {
    World world;
    auto service = service_of<Large>(world.node);
    for (int i = 0; i < 3; ++i) {
        harness::Actor subscriber{"mortal_subscriber", {}, world.broker.environment()};
        subscriber.expect("ready");
        harness::Actor publisher{"mortal_publisher", {}, world.broker.environment()};
        publisher.expect("sent");
        subscriber.expect("holds");
        publisher.process.signal(SIGKILL);
        subscriber.process.signal(SIGKILL);
        publisher.wait();
        subscriber.wait();
        REQUIRE(harness::eventually([&] { return service.publisher_builder().create().has_value(); }));
    }
    auto publisher = service.publisher_builder().create().value();
    REQUIRE(harness::eventually([&] { return publisher.update_connections().value() == 0; }));
    auto subscriber = service.subscriber_builder().create().value();
    send(publisher, Large{5}, 1);
    CHECK(next(subscriber)->front() == 5);
}

TEST_CASE("data flows on, and sleepers are woken, when the broker was killed", "[pubsub][death]") {
    World world;
    auto subscriber = service_of<Large>(world.node).subscriber_builder().create().value();
    harness::Actor actor{"mortal_publisher", {}, world.broker.environment()};
    actor.expect("sent");
    for (std::uint64_t n = 1; n <= 4; ++n) CHECK(next(subscriber)->front() == n);
    world.broker.kill();
    for (int i = 0; i < 100; ++i) {
        actor.tell("one more");
        REQUIRE(next(subscriber)->front() == 9);
        actor.expect("sent");
    }
}

TEST_CASE("a subscriber that never slept before the broker died can still sleep", "[pubsub][death]") {
    World world;
    auto subscriber = service_of<Large>(world.node).subscriber_builder().create().value();
    harness::Actor actor{"mortal_publisher", {}, world.broker.environment()};
    actor.expect("sent");
    world.broker.kill();
    for (std::uint64_t n = 1; n <= 4; ++n) CHECK(next(subscriber)->front() == n);
    actor.tell("one more");
    CHECK(next(subscriber)->front() == 9);
    CHECK(subscriber.file_descriptor().error() == ipc::FileDescriptorError::NoBroker);
}
