// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "pubsub/session_stand_in.hpp"

#include <ipc/untyped/publisher.hpp>
#include <ipc/untyped/subscriber.hpp>

#include <vector>

using namespace ipc;

TEST_CASE("ports wait for the broker's answers as long as their node was told to") {
    wire::PublishSubscribeSettings settings;
    settings.payload = {.name = "u64", .size = 8, .alignment = 8};
    settings.subscriber_max_buffer_size = 1;
    settings.subscriber_max_borrowed_samples = 1;
    settings.max_publishers = 1;
    settings.max_subscribers = 1;
    settings.payload_alignment = 8;
    const auto session = std::make_shared<pubsub::SessionStandIn>(settings);
    const auto service = std::make_shared<detail::ServiceHandle>(session, "service",
                                                                 wire::ServiceOpened{.settings = settings});

    const auto publisher = untyped::PublisherBuilder{service}.create().value();
    auto subscriber = untyped::SubscriberBuilder{service}.create().value();
    CHECK(subscriber.file_descriptor());
    CHECK(session->deadlines == std::vector(3, pubsub::SessionStandIn::configured_deadline));
}
