// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "pubsub/world.hpp"

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

using namespace pubsub;

namespace {

std::uint64_t first_of(const std::uint64_t& number) {
    return number;
}
std::uint64_t first_of(const Large& large) {
    return large.front();
}
template <class Payload>
Payload beginning_with(std::uint64_t number) {
    if constexpr (std::is_same_v<Payload, Large>)
        return Large{number};
    else
        return number;
}

}  // namespace

TEMPLATE_TEST_CASE("with safe overflow the oldest sample makes room, and missed() tells", "[pubsub]",
                   std::uint64_t, Large) {
    World world;
    auto service = world.node.service_builder("n")
                       .publish_subscribe<TestType>()
                       .subscriber_max_buffer_size(4)
                       .create()
                       .value();
    auto publisher = service.publisher_builder().create().value();
    auto subscriber = service.subscriber_builder().create().value();
    auto small = service.subscriber_builder().buffer_size(1).create().value();
    std::uint64_t missed = 0;
    for (std::uint64_t round = 0; round < 300; ++round) {
        for (std::uint64_t i = 1; i <= 10; ++i) send(publisher, beginning_with<TestType>(round * 10 + i), 2);
        for (std::uint64_t i = 7; i <= 10; ++i) {
            const auto sample = subscriber.receive().value();
            REQUIRE(sample.has_value());
            REQUIRE(first_of(sample->payload()) == round * 10 + i);
            REQUIRE(sample->header().sequence_number() == round * 10 + i);
        }
        missed += 6;
        REQUIRE(subscriber.missed() == missed);
        REQUIRE_FALSE(subscriber.receive().value().has_value());
        REQUIRE(first_of(small.receive().value()->payload()) == round * 10 + 10);
        REQUIRE_FALSE(small.receive().value().has_value());
    }
    CHECK(small.missed() == 2700);
}

TEST_CASE("overflow leaves alone what is held", "[pubsub]") {
    World world;
    auto service = world.node.service_builder("n")
                       .publish_subscribe<Large>()
                       .subscriber_max_borrowed_samples(4)
                       .create()
                       .value();
    auto publisher = service.publisher_builder().create().value();
    auto subscriber = service.subscriber_builder().create().value();
    std::vector<ipc::Sample<Large>> held;
    for (std::uint64_t i = 0; i < 4; ++i) {
        send(publisher, Large{i}, 1);
        held.push_back(std::move(*subscriber.receive().value()));
    }
    for (std::uint64_t i = 100; i < 1000; ++i) send(publisher, Large{i}, 1);
    for (std::uint64_t i = 0; i < 4; ++i) CHECK(held[i]->front() == i);
}

TEST_CASE("without safe overflow, DiscardData loses the new sample, and a later one tells", "[pubsub]") {
    World world;
    auto service = world.node.service_builder("n")
                       .publish_subscribe<std::uint64_t>()
                       .enable_safe_overflow(false)
                       .subscriber_max_buffer_size(3)
                       .create()
                       .value();
    auto publisher = service.publisher_builder()
                         .backpressure_strategy(ipc::BackpressureStrategy::DiscardData)
                         .create()
                         .value();
    auto subscriber = service.subscriber_builder().create().value();
    for (std::uint64_t i = 1; i <= 3; ++i) send(publisher, i, 1);
    for (std::uint64_t i = 4; i <= 9; ++i) send(publisher, i, 0);
    for (std::uint64_t i = 1; i <= 3; ++i) CHECK(**subscriber.receive().value() == i);
    CHECK_FALSE(subscriber.receive().value().has_value());
    CHECK(subscriber.missed() == 0);
    send(publisher, std::uint64_t{10}, 1);
    CHECK(**subscriber.receive().value() == 10);
    CHECK(subscriber.missed() == 6);
}
