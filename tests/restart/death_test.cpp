// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "restart/world.hpp"

#include <unistd.h>

#include <csignal>
#include <future>
#include <thread>

using namespace restart;

TEST_CASE("who dies while there is no broker is missed by nobody, and its place is free") {
    harness::BrokerProcess broker;
    const auto node = node_at(broker.socket(), "left");
    auto listener = signals(node).listener_builder().create().value();
    auto subscriber = numbers(node).subscriber_builder().create().value();
    {
        harness::Actor counting{"counting", {broker.socket(), "threaded"}};
        harness::Actor notifying{"notifying", {broker.socket()}};
        counting.expect("ready");
        notifying.expect("ready");
        counting.tell("3");
        counting.expect("sent");
        broker.kill();
        counting.kill();
        notifying.kill();
    }
    for (Number n = 1; n <= 3; ++n) CHECK(next(subscriber) == n);
    CHECK(listener.timed_wait_one(patience).value() == ipc::EventId{99});
    broker.start_again();
    REQUIRE(are_back(broker, 1));
    const auto told = status(broker);
    CHECK(told["readopted"]["ports"] == 2);
    CHECK(told["readopted"]["connections"] == 0);
    CHECK(told["readopted"]["waiting"] == 0);
    CHECK(told["totals"]["connections"] == 0);
    CHECK(told["totals"]["nodes"] == 1);
}

TEST_CASE("a node that was stopped through it all comes back to what it had") {
    harness::BrokerProcess broker;
    harness::Actor actor{"counting", {broker.socket(), "threaded"}};
    actor.expect("ready");
    const auto node = node_at(broker.socket(), "awake");
    const auto service = numbers(node);
    auto subscriber = service.subscriber_builder().create().value();
    auto second = service.publisher_builder().create().value();
    actor.process.stop();
    for (int i = 0; i < 3; ++i) {
        restart::restart(broker);
        REQUIRE(are_back(broker, 1));
        CHECK(status(broker)["readopted"]["waiting"] == 1);
    }
    // Its place among the two publishers of the service is kept.
    const auto third = service.publisher_builder().create();
    REQUIRE_FALSE(third);
    CHECK(third.error() == ipc::PublisherCreateError::ExceedsMaxSupportedPublishers);
    actor.process.signal(SIGCONT);
    REQUIRE(are_back(broker, 2));
    CHECK(status(broker)["readopted"]["waiting"] == 0);
    CHECK(status(broker)["readopted"]["connections"] == 2);
    actor.tell("3");
    for (Number n = 1; n <= 3; ++n) CHECK(next(subscriber) == n);
}

TEST_CASE("who waits for a stopped node that dies is told, and its place is free") {
    harness::BrokerProcess broker;
    harness::Actor actor{"counting", {broker.socket(), "threaded"}};
    actor.expect("ready");
    const auto node = node_at(broker.socket(), "awake");
    const auto service = numbers(node);
    auto subscriber = service.subscriber_builder().create().value();
    actor.process.stop();
    restart::restart(broker);
    REQUIRE(are_back(broker, 1));
    CHECK(status(broker)["readopted"]["waiting"] == 1);
    actor.kill();
    CHECK(eventually([&] { return status(broker)["readopted"]["waiting"] == 0; }));
    auto first = service.publisher_builder().create().value();
    auto second = service.publisher_builder().create().value();
    second.send_copy(Number{5}).value();
    CHECK(next(subscriber) == 5);
}

TEST_CASE("what is asked for while there is no broker is there when one comes") {
    harness::BrokerProcess broker;
    const auto node = node_at(broker.socket(), "asking");
    const auto service = numbers(node);
    auto subscriber = service.subscriber_builder().create().value();
    broker.kill();
    auto port = std::async(std::launch::async, [&] { return service.publisher_builder().create().value(); });
    auto other = std::async(std::launch::async, [&] { return signals(node); });
    auto descriptor = std::async(std::launch::async, [&] { return subscriber.file_descriptor().value(); });
    broker.start_again();
    auto publisher = port.get();
    CHECK(publisher.send_copy(Number{8}).value() == 1);
    CHECK(next(subscriber) == 8);
    CHECK(other.get().name() == "signals");
    CHECK(descriptor.get() >= 0);
}

TEST_CASE("what was asked in vain for a port that is gone is not asked of the next broker") {
    harness::BrokerProcess broker;
    const auto node = node_at(broker.socket(), "asking");
    const auto service = signals(node);
    {
        auto listener = service.listener_builder().create().value();
        broker.process().signal(SIGSTOP);
        // Asks for what would wake it.
        CHECK_FALSE(listener.timed_wait_one(1ms).value().has_value());
    }
    restart::restart(broker);
    REQUIRE(are_back(broker, 1));
    (void)service.listener_builder().create().value();
    CHECK(status(broker)["ended"].empty());
}

TEST_CASE("what ends while there is no broker is not there when one comes") {
    harness::BrokerProcess broker;
    harness::Actor actor{"counting", {broker.socket(), "threaded"}};
    actor.expect("ready");
    const auto node = node_at(broker.socket(), "changing");
    {
        auto service = std::optional{signals(node)};
        auto listener = std::optional{service->listener_builder().create().value()};
        auto subscriber = std::optional{numbers(node).subscriber_builder().create().value()};
        broker.kill();
    }
    broker.start_again();
    REQUIRE(are_back(broker, 2));
    const auto told = status(broker);
    CHECK(told["totals"]["services"] == 1);
    CHECK(told["totals"]["ports"] == 1);
    CHECK(told["totals"]["connections"] == 0);
    CHECK(told["readopted"]["waiting"] == 0);
    auto subscriber = numbers(node).subscriber_builder().create().value();
    actor.tell("1");
    CHECK(next(subscriber) == 1);
}

TEST_CASE("nodes without a thread come back when they are driven") {
    harness::BrokerProcess broker;
    harness::Actor actor{"counting", {broker.socket(), "unthreaded"}};
    actor.expect("ready");
    const auto node = driven_node_at(broker.socket(), "driven");
    const auto service = numbers(node);
    auto subscriber = service.subscriber_builder().create().value();
    // The bound of its creation may have passed before that.
    REQUIRE(eventually([&] {
        subscriber.update_connections().value();
        return harness::mappings_with(::getpid(), "ipc-connection") == 1;
    }));
    restart::restart(broker);
    REQUIRE(eventually([&] {
        subscriber.update_connections().value();
        return status(broker)["readopted"]["nodes"] == 1;
    }));
    CHECK(status(broker)["readopted"]["waiting"] == 1);
    // The other process drives its own by asking for something new.
    actor.tell("another");
    CHECK(next(subscriber) == 1'000'000);
    actor.expect("sent");
    CHECK(status(broker)["readopted"]["connections"] == 1);
}
