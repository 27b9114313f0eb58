// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "harness/world.hpp"
#include "waiting_set.hpp"

#include <poll.h>

#include <cstdint>

using namespace waitset;

TEST_CASE("in another loop a set is readable when something happened, and quiet when it was handled",
          "[waitset]") {
    auto set = a_wait_set();
    const Event event;
    const auto guard = set.attach_notification(event.descriptor()).value();
    const auto never = set.attach_interval(24h).value();
    const int descriptor = set.file_descriptor();
    CHECK(set.file_descriptor() == descriptor);
    for (int i = 0; i < 5; ++i) {
        CHECK_FALSE(readable(descriptor));
        event.raise();
        CHECK(readable(descriptor));
        CHECK(round_of(set) == ids({&guard}));
        event.lower();
    }
    CHECK_FALSE(readable(descriptor));
}

TEST_CASE("in another loop a set is readable when an interval is over", "[waitset]") {
    auto set = a_wait_set();
    const auto tick = set.attach_interval(1ms).value();
    for (int i = 0; i < 5; ++i) {
        REQUIRE(readable(set.file_descriptor(), harness::patience_ms));
        CHECK(round_of(set) == ids({&tick}));
    }
}

TEST_CASE("in another loop a set is readable when it is stopped", "[waitset]") {
    auto set = a_wait_set();
    const auto never = set.attach_interval(24h).value();
    CHECK_FALSE(readable(set.file_descriptor()));
    set.stop_handle().stop();
    CHECK(readable(set.file_descriptor()));
    const auto result = set.wait_and_process_once_with_timeout(
        [](const WaitSetAttachmentId&) { return CallbackProgression::Continue; }, 0ns);
    CHECK(result.value() == Result::StopRequest);
    CHECK_FALSE(readable(set.file_descriptor()));
}

TEST_CASE("a set waits for another", "[waitset]") {
    auto inner = a_wait_set();
    auto outer = a_wait_set();
    const Event event;
    const auto in_inner = inner.attach_notification(event.descriptor()).value();
    const auto in_outer = outer.attach_notification(inner.file_descriptor()).value();
    CHECK(inner.attach_notification(outer.file_descriptor()).error() ==
          ipc::WaitSetAttachmentError::InvalidDescriptor);
    event.raise();
    CHECK(round_of(outer, patience) == ids({&in_outer}));
    CHECK(round_of(inner) == ids({&in_inner}));
    event.lower();
    CHECK(round_of(outer).empty());
}

TEST_CASE("a set with a subscriber sits in a poll loop, and is quiet when everything was received",
          "[waitset]") {
    harness::World world;
    auto service = world.node.service_builder("numbers").publish_subscribe<std::uint64_t>().create().value();
    auto publisher = service.publisher_builder().create().value();
    auto subscriber = service.subscriber_builder().create().value();
    auto set = a_wait_set();
    const auto guard = set.attach_notification(subscriber).value();
    std::uint64_t received = 0;
    const auto receive = [&](const WaitSetAttachmentId&) {
        while (subscriber.receive().value()) ++received;
        return CallbackProgression::Continue;
    };
    const auto handle = [&] { set.wait_and_process_once_with_timeout(receive, 0ns).value(); };
    handle();
    for (std::uint64_t i = 1; i <= 200; ++i) {
        publisher.send_copy(i).value();
        REQUIRE(readable(set.file_descriptor()));
        handle();
        REQUIRE(received == i);
    }
    CHECK(harness::eventually([&] {
        handle();
        return !readable(set.file_descriptor(), 1);
    }));
}
