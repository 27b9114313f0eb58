// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "pubsub/world.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

using namespace pubsub;

namespace {

template <class Payload>
auto service_with_history(ipc::Node& node, std::uint64_t history, std::uint64_t buffer = 2) {
    return node.service_builder("history")
        .template publish_subscribe<Payload>()
        .history_size(history)
        .subscriber_max_buffer_size(buffer)
        .open_or_create()
        .value();
}

template <class Subscriber>
std::vector<std::uint64_t> all_sequences(Subscriber& subscriber) {
    std::vector<std::uint64_t> result;
    while (auto sample = subscriber.receive().value()) result.push_back(sample->header().sequence_number());
    return result;
}

ACTOR(publisher_of_the_past) {
    auto node = ipc::NodeBuilder{}.name("past").create().value();
    auto service = service_with_history<std::uint64_t>(node, 5);
    auto publisher = service.publisher_builder().create().value();
    for (std::uint64_t i = 1; i <= 20; ++i) publisher.send_copy(i).value();
    test.tell("sent");
    (void)test.hear();
    return 0;
}

}  // namespace

TEST_CASE("a late joiner gets its history at once from a publisher that does nothing", "[pubsub][history]") {
    World world;
    harness::Actor past{"publisher_of_the_past", {}, world.broker.environment()};
    past.expect("sent");
    auto service = service_with_history<std::uint64_t>(world.node, 5);
    auto all = service.subscriber_builder().create().value();
    CHECK(all.has_samples().value());
    CHECK(all_sequences(all) == std::vector<std::uint64_t>{16, 17, 18, 19, 20});
    auto some = service.subscriber_builder().history_request(2).create().value();
    CHECK(all_sequences(some) == std::vector<std::uint64_t>{19, 20});
    auto none = service.subscriber_builder().history_request(0).create().value();
    CHECK_FALSE(none.has_samples().value());
    CHECK_FALSE(none.receive().value().has_value());
    CHECK(all.missed() == 0);
}

TEMPLATE_TEST_CASE("history and live samples join without a gap and without a duplicate", "[pubsub][history]",
                   std::uint64_t, Large) {
    World world;
    auto service = service_with_history<TestType>(world.node, 4, 8);
    auto publisher = service.publisher_builder().create().value();
    for (int i = 1; i <= 3; ++i) publisher.send_copy({}).value();
    auto subscriber = service.subscriber_builder().create().value();
    for (int i = 4; i <= 7; ++i) publisher.send_copy({}).value();
    CHECK(all_sequences(subscriber) == std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6, 7});
    CHECK(subscriber.missed() == 0);
}

TEST_CASE("whoever joins a publisher in full flow misses nothing that it was promised", "[pubsub][history]") {
    World world;
    auto service = world.node.service_builder("flow")
                       .publish_subscribe<std::uint64_t>()
                       .history_size(64)
                       .enable_safe_overflow(false)
                       .subscriber_max_buffer_size(64)
                       .create()
                       .value();
    auto publisher = service.publisher_builder().create().value();
    const Flow flow{publisher};
    bool continuous = true;
    for (int round = 0; round < 30; ++round) {
        auto subscriber = service.subscriber_builder().history_request(4).create().value();
        std::uint64_t last = 0;
        for (int i = 0; i < 500; ++i) {
            const auto sample = next(subscriber);
            // History entries may be replaced while they are copied; missed() counts those.
            continuous = continuous && sample.header().sequence_number() == *sample && *sample > last;
            last = *sample;
        }
        continuous = continuous && subscriber.missed() < 64;
    }
    CHECK(continuous);
}

TEST_CASE("what comes from history counts as held, and stays as it is", "[pubsub][history]") {
    World world;
    auto service = service_with_history<Large>(world.node, 4);
    auto publisher = service.publisher_builder().create().value();
    for (std::uint64_t i = 1; i <= 4; ++i) publisher.send_copy(Large{i}).value();
    auto subscriber = service.subscriber_builder().create().value();
    auto first = std::move(*subscriber.receive().value());
    auto second = std::move(*subscriber.receive().value());
    CHECK(subscriber.receive().error() == ipc::ReceiveError::ExceedsMaxBorrows);
    for (std::uint64_t i = 5; i <= 50; ++i) publisher.send_copy(Large{i}).value();
    CHECK(first->front() == 1);
    CHECK(second->front() == 2);
    { const auto release = std::move(first); }
    CHECK(subscriber.receive().value()->payload().front() == 3);
    CHECK(subscriber.receive().value()->payload().front() == 4);
}

TEST_CASE("the history of a publisher that died while somebody joined is still read",
          "[pubsub][history][death]") {
    World world;
    harness::Actor past{"publisher_of_the_past", {}, world.broker.environment()};
    past.expect("sent");
    auto service = service_with_history<std::uint64_t>(world.node, 5);
    auto subscriber = service.subscriber_builder().create().value();
    past.kill();
    for (std::uint64_t i = 16; i <= 20; ++i) CHECK(*next(subscriber) == i);
    CHECK_FALSE(subscriber.receive().value().has_value());
}
