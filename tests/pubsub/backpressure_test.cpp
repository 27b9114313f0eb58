// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "pubsub/world.hpp"

#include <array>
#include <csignal>
#include <cstdint>
#include <future>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace pubsub;

namespace {

auto lossless(ipc::Node& node, const char* name, std::uint64_t buffer = 2) {
    return node.service_builder(name)
        .publish_subscribe<std::uint64_t>()
        .enable_safe_overflow(false)
        .subscriber_max_buffer_size(buffer)
        .open_or_create()
        .value();
}

// A node that leaves its sender waiting: says how far it is, and goes on when it is told to.
ipc::Node node_of_actor(ipc::SignalHandlingMode mode = ipc::SignalHandlingMode::Disabled) {
    return ipc::NodeBuilder{}.name("actor").signal_handling_mode(mode).create().value();
}

ACTOR(holding_subscriber) {
    auto node = node_of_actor();
    auto service = lossless(node, "lossless");
    auto subscriber = service.subscriber_builder().create().value();
    test.tell("ready");
    (void)test.hear();
    return 0;
}

ACTOR(blocked_publisher) {
    auto node = node_of_actor(ipc::SignalHandlingMode::HandleTerminationRequests);
    auto service = lossless(node, "lossless");
    auto publisher = service.publisher_builder()
                         .backpressure_handler([&](const ipc::BackpressureInfo& info) {
                             if (info.retries == 1) test.tell("waits");
                             return ipc::BackpressureAction::FollowBackpressureStrategy;
                         })
                         .create()
                         .value();
    while (true) {
        const auto sent = publisher.send_copy(1);
        if (!sent) {
            test.tell(std::string{to_string(sent.error())});
            return 0;
        }
        if (sent.value() == 0) {
            test.tell("nobody is there");
            return 0;
        }
    }
}

}  // namespace

TEST_CASE("a send that waits for room loses nothing", "[pubsub][blocking]") {
    World world;
    auto service = lossless(world.node, "lossless");
    auto publisher = service.publisher_builder().create().value();
    auto subscriber = service.subscriber_builder().create().value();
    constexpr std::uint64_t count = 50'000;
    std::thread sender{[&] {
        for (std::uint64_t i = 0; i < count; ++i) publisher.send_copy(i).value();
    }};
    bool in_order = true;
    for (std::uint64_t i = 0; i < count; ++i) in_order = in_order && *next(subscriber) == i;
    sender.join();
    CHECK(in_order);
    CHECK(subscriber.missed() == 0);
}

TEST_CASE("who has room is served while somebody else has none", "[pubsub][blocking]") {
    World world;
    auto service = lossless(world.node, "lossless", 4);
    auto publisher = service.publisher_builder().create().value();
    auto narrow = service.subscriber_builder().buffer_size(1).create().value();
    auto wide = service.subscriber_builder().create().value();
    send(publisher, std::uint64_t{1}, 2);
    auto blocked = std::async(std::launch::async, [&] { return publisher.send_copy(2).value(); });
    CHECK(*next(wide) == 1);
    CHECK(*next(wide) == 2);  // although the send has not returned
    CHECK(*next(narrow) == 1);
    CHECK(blocked.get() == 2);
    CHECK(*next(narrow) == 2);
}

TEST_CASE("a backpressure handler decides for each full subscriber", "[pubsub][blocking]") {
    World world;
    auto service = lossless(world.node, "lossless", 1);
    std::vector<ipc::BackpressureInfo> asked;
    auto answer = ipc::BackpressureAction::DiscardData;
    auto publisher = service.publisher_builder()
                         .backpressure_handler([&](const ipc::BackpressureInfo& info) {
                             asked.push_back(info);
                             return answer;
                         })
                         .create()
                         .value();
    auto subscriber = service.subscriber_builder().create().value();
    send(publisher, std::uint64_t{1}, 1);
    CHECK(asked.empty());
    send(publisher, std::uint64_t{2}, 0);
    REQUIRE(asked.size() == 1);
    CHECK(asked[0].sender == publisher.id());
    CHECK(asked[0].receiver == subscriber.id());
    CHECK(asked[0].retries == 0);

    answer = ipc::BackpressureAction::DiscardDataAndFail;
    CHECK(publisher.send_copy(3).error() == ipc::SendError::UnableToDeliver);
    CHECK(**subscriber.receive().value() == 1);
    CHECK_FALSE(subscriber.receive().value().has_value());
    send(publisher, std::uint64_t{4}, 1);
    CHECK(**subscriber.receive().value() == 4);
    CHECK(subscriber.missed() == 2);
}

TEST_CASE("a handler that retries is asked again after each wait", "[pubsub][blocking]") {
    World world;
    auto service = lossless(world.node, "lossless", 1);
    std::optional<ipc::Subscriber<std::uint64_t>> subscriber;
    std::uint64_t retries = 0;
    auto publisher = service.publisher_builder()
                         .backpressure_strategy(ipc::BackpressureStrategy::DiscardData)
                         .backpressure_handler([&](const ipc::BackpressureInfo& info) {
                             retries = info.retries;
                             (void)subscriber->receive().value();
                             return ipc::BackpressureAction::Retry;
                         })
                         .create()
                         .value();
    subscriber = service.subscriber_builder().create().value();
    send(publisher, std::uint64_t{1}, 1);
    send(publisher, std::uint64_t{2}, 1);
    CHECK(retries == 0);
    CHECK(**subscriber->receive().value() == 2);
}

TEST_CASE("a handler ends a wait for a subscriber that receives nothing", "[pubsub][blocking]") {
    World world;
    auto service = lossless(world.node, "lossless", 1);
    std::chrono::nanoseconds elapsed{0};
    auto publisher = service.publisher_builder()
                         .backpressure_handler([&](const ipc::BackpressureInfo& info) {
                             elapsed = info.elapsed;
                             return info.retries < 3 ? ipc::BackpressureAction::Retry
                                                     : ipc::BackpressureAction::DiscardDataAndFail;
                         })
                         .create()
                         .value();
    auto subscriber = service.subscriber_builder().create().value();
    send(publisher, std::uint64_t{1}, 1);
    CHECK(publisher.send_copy(2).error() == ipc::SendError::UnableToDeliver);
    CHECK(elapsed > 0ns);
    CHECK(**subscriber.receive().value() == 1);
    send(publisher, std::uint64_t{3}, 1);
    CHECK(**subscriber.receive().value() == 3);
}

TEST_CASE("the death of the subscriber that it waits for ends a send", "[pubsub][blocking][death]") {
    harness::BrokerProcess broker;
    harness::Actor subscriber{"holding_subscriber", {}, broker.environment()};
    subscriber.expect("ready");
    harness::Actor publisher{"blocked_publisher", {}, broker.environment()};
    publisher.expect("waits");
    subscriber.kill();
    publisher.expect("nobody is there");
    CHECK(publisher.wait() == harness::Ending{.exited = true});
}

TEST_CASE("the death of the subscriber ends a send even after the broker's", "[pubsub][blocking][death]") {
    harness::BrokerProcess broker;
    harness::Actor subscriber{"holding_subscriber", {}, broker.environment()};
    subscriber.expect("ready");
    harness::Actor publisher{"blocked_publisher", {}, broker.environment()};
    publisher.expect("waits");
    broker.kill();
    subscriber.kill();
    publisher.expect("nobody is there");
    CHECK(publisher.wait() == harness::Ending{.exited = true});
}

TEST_CASE("a request to terminate ends a send that waits", "[pubsub][blocking]") {
    harness::BrokerProcess broker;
    harness::Actor subscriber{"holding_subscriber", {}, broker.environment()};
    subscriber.expect("ready");
    harness::Actor publisher{"blocked_publisher", {}, broker.environment()};
    publisher.expect("waits");
    publisher.process.signal(SIGTERM);
    publisher.expect("Interrupted");
    CHECK(publisher.wait() == harness::Ending{.exited = true});
}

TEST_CASE("a subscriber that is gone is not waited for, though a sample of it is held",
          "[pubsub][blocking]") {
    World world;
    auto service = lossless(world.node, "lossless", 1);
    auto publisher = service.publisher_builder().create().value();
    std::optional subscriber{service.subscriber_builder().create().value()};
    send(publisher, std::uint64_t{1}, 1);
    const auto held = subscriber->receive().value();
    send(publisher, std::uint64_t{2}, 1);
    auto blocked = std::async(std::launch::async, [&] { return publisher.send_copy(3).value(); });
    subscriber.reset();
    CHECK(blocked.get() == 0);
    send(publisher, std::uint64_t{4}, 0);
    CHECK(**held == 1);
}
