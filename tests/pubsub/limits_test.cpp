// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "pubsub/world.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace pubsub;
using Catch::Matchers::Contains;

TEST_CASE("no more samples can be loaned than the publisher was built for", "[pubsub]") {
    World world;
    auto service = world.node.service_builder("n").publish_subscribe<std::uint64_t>().create().value();
    auto publisher = service.publisher_builder().max_loaned_samples(3).create().value();
    std::vector<ipc::SampleMut<std::uint64_t>> loans;
    for (int i = 0; i < 3; ++i) loans.push_back(publisher.loan().value());
    CHECK(publisher.loan().error() == ipc::LoanError::ExceedsMaxLoans);
    CHECK(publisher.send_copy(1).error() == ipc::SendError::ExceedsMaxLoans);
    loans.pop_back();
    CHECK(publisher.send_copy(1).has_value());
    std::move(loans.back()).send().value();
    loans.pop_back();
    CHECK(publisher.loan().has_value());
}

TEMPLATE_TEST_CASE("no more samples of a publisher can be held than the service allows", "[pubsub]",
                   std::uint64_t, (std::array<std::uint64_t, 100>)) {
    World world;
    auto service = world.node.service_builder("n")
                       .publish_subscribe<TestType>()
                       .subscriber_max_borrowed_samples(3)
                       .subscriber_max_buffer_size(5)
                       .create()
                       .value();
    auto publisher = service.publisher_builder().create().value();
    auto other = service.publisher_builder().create().value();
    auto subscriber = service.subscriber_builder().create().value();
    for (int i = 0; i < 5; ++i) send(publisher, TestType{}, 1);
    std::vector<ipc::Sample<TestType>> held;
    for (int i = 0; i < 3; ++i) held.push_back(std::move(*subscriber.receive().value()));
    CHECK(subscriber.receive().error() == ipc::ReceiveError::ExceedsMaxBorrows);
    CHECK(subscriber.receive(1s).error() == ipc::ReceiveError::ExceedsMaxBorrows);
    CHECK(subscriber.has_samples().value());
    send(other, TestType{}, 1);  // another publisher's samples are counted on their own
    {
        const auto of_other = subscriber.receive().value();
        REQUIRE(of_other.has_value());
        CHECK(of_other->header().publisher_id() == other.id());
    }
    held.erase(held.begin());
    CHECK(subscriber.receive().value()->header().sequence_number() == 4);
    CHECK(subscriber.receive().value()->header().sequence_number() == 5);
    CHECK_FALSE(subscriber.receive().value().has_value());
    CHECK(subscriber.missed() == 0);
}

TEST_CASE("holding more cells than one word of the books has bits", "[pubsub]") {
    World world;
    auto service = world.node.service_builder("n")
                       .publish_subscribe<std::uint64_t>()
                       .subscriber_max_borrowed_samples(200)
                       .subscriber_max_buffer_size(1)
                       .create()
                       .value();
    auto publisher = service.publisher_builder().create().value();
    auto subscriber = service.subscriber_builder().create().value();
    std::vector<ipc::Sample<std::uint64_t>> held;
    for (std::uint64_t i = 0; i < 200; ++i) {
        send(publisher, i, 1);
        held.push_back(std::move(*subscriber.receive().value()));
    }
    send(publisher, std::uint64_t{200}, 1);
    CHECK(subscriber.receive().error() == ipc::ReceiveError::ExceedsMaxBorrows);
    for (std::uint64_t i = 0; i < 200; ++i) REQUIRE(*held[i] == i);
    held.clear();
    CHECK(**subscriber.receive().value() == 200);
}

TEST_CASE("one publisher too many is refused with a message that names both sides", "[pubsub]") {
    World world;
    auto service = world.node.service_builder("Limited")
                       .publish_subscribe<std::uint64_t>()
                       .max_publishers(2)
                       .create()
                       .value();
    auto first = service.publisher_builder().create().value();
    std::optional second{service.publisher_builder().create().value()};
    const auto third = service.publisher_builder().create();
    REQUIRE_FALSE(third.has_value());
    CHECK(third.error() == ipc::PublisherCreateError::ExceedsMaxSupportedPublishers);
    CHECK_THAT(third.error().message(), Contains("Limited") && Contains("2"));
    second.reset();
    CHECK(service.publisher_builder().create().has_value());
}

TEST_CASE("one subscriber too many is refused with a message that names both sides", "[pubsub]") {
    World world;
    auto service = world.node.service_builder("Limited")
                       .publish_subscribe<std::uint64_t>()
                       .max_subscribers(1)
                       .create()
                       .value();
    std::optional first{service.subscriber_builder().create().value()};
    const auto second = service.subscriber_builder().create();
    REQUIRE_FALSE(second.has_value());
    CHECK(second.error() == ipc::SubscriberCreateError::ExceedsMaxSupportedSubscribers);
    CHECK_THAT(second.error().message(), Contains("Limited") && Contains("1"));
    first.reset();
    CHECK(service.subscriber_builder().create().has_value());
}

TEST_CASE("a subscriber gets no larger buffer and no longer history than the service has", "[pubsub]") {
    World world;
    auto service = world.node.service_builder("n")
                       .publish_subscribe<std::uint64_t>()
                       .subscriber_max_buffer_size(4)
                       .history_size(3)
                       .create()
                       .value();
    CHECK(service.subscriber_builder().create().value().buffer_size() == 4);
    CHECK(service.subscriber_builder().buffer_size(2).create().value().buffer_size() == 2);
    CHECK(service.subscriber_builder().buffer_size(5).create().error() ==
          ipc::SubscriberCreateError::BufferSizeExceedsMaxSupportedBufferSizeOfService);
    CHECK(service.subscriber_builder().history_request(4).create().error() ==
          ipc::SubscriberCreateError::HistoryRequestExceedsHistorySizeOfService);
}

TEST_CASE("names of ports have at most 128 bytes of UTF-8", "[pubsub]") {
    World world;
    auto service = world.node.service_builder("n").publish_subscribe<std::uint64_t>().create().value();
    CHECK(service.publisher_builder().name(std::string(128, 'x')).create().has_value());
    CHECK(service.publisher_builder().name("").create().has_value());
    CHECK(service.publisher_builder().name(std::string(129, 'x')).create().error() ==
          ipc::PublisherCreateError::InvalidName);
    CHECK(service.subscriber_builder().name(std::string(129, 'x')).create().error() ==
          ipc::SubscriberCreateError::InvalidName);
    CHECK(service.subscriber_builder().name("\xff\xfe").create().error() ==
          ipc::SubscriberCreateError::InvalidName);
}

TEST_CASE("a publisher that may loan more than the limit is refused", "[pubsub]") {
    World world;
    auto service = world.node.service_builder("n").publish_subscribe<std::uint64_t>().create().value();
    CHECK(service.publisher_builder().max_loaned_samples(1'000'000).create().error() ==
          ipc::PublisherCreateError::InvalidSetting);
}
