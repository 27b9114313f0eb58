// SPDX-License-Identifier: Apache-2.0
// What publishers left in a service that says for how long it is kept.
#include "catch.hpp"
#include "pubsub/world.hpp"

#include <cstdint>
#include <string>

using namespace pubsub;

namespace {

auto builder(const ipc::Node& node, const std::string& name = "latched for") {
    return node.service_builder(name).publish_subscribe<std::uint64_t>().history_size(2);
}

template <class Service>
void publish_and_leave(const Service& service, std::uint64_t number) {
    service.publisher_builder().create().value().send_copy(number).value();
}

template <class Service>
std::uint64_t samples_for_a_joiner(const Service& service) {
    auto subscriber = service.subscriber_builder().create().value();
    std::uint64_t received = 0;
    while (subscriber.receive().value()) ++received;
    return received;
}

}  // namespace

TEST_CASE("what was left is kept for as long as the service says") {
    World world;
    const auto service = builder(world.node).latched_for(1h).create().value();
    publish_and_leave(service, 1);
    publish_and_leave(service, 2);
    CHECK(samples_for_a_joiner(service) == 2);
}

TEST_CASE("what was left is over when the time that its service says is, though the service lives on") {
    World world;
    const auto service = builder(world.node).latched_for(1ms).create().value();
    const auto other = node_at(world.broker.socket(), "other");
    const auto same = builder(other).latched(true).open().value();
    for (std::uint64_t number = 1; number <= 2; ++number) {
        publish_and_leave(service, number);
        CHECK(harness::eventually([&] { return samples_for_a_joiner(service) == 0; }));
        CHECK(harness::eventually([&] { return samples_for_a_joiner(same) == 0; }));
    }
}

TEST_CASE("while its publisher lives nothing is over") {
    World world;
    const auto service = builder(world.node).latched_for(1ns).create().value();
    auto publisher = service.publisher_builder().create().value();
    publisher.send_copy(1).value();
    // Somebody else's end comes and goes meanwhile.
    publish_and_leave(service, 2);
    CHECK(harness::eventually([&] { return samples_for_a_joiner(service) == 1; }));
}

TEST_CASE("each of several is over in its own time") {
    World world;
    const auto longer = builder(world.node, "longer").latched_for(24h).create().value();
    const auto shorter = builder(world.node, "shorter").latched_for(1ms).create().value();
    publish_and_leave(longer, 1);
    publish_and_leave(shorter, 2);
    CHECK(harness::eventually([&] { return samples_for_a_joiner(shorter) == 0; }));
    CHECK(samples_for_a_joiner(longer) == 1);
    {
        const auto ended = builder(world.node, "ended").latched_for(1h).create().value();
        publish_and_leave(ended, 3);
    }
    publish_and_leave(shorter, 4);
    CHECK(harness::eventually([&] { return samples_for_a_joiner(shorter) == 0; }));
}

TEST_CASE("a service says for how long it is latched, and who wants another time is refused") {
    World world;
    const auto service = builder(world.node).latched_for(5s).create().value();
    CHECK(service.static_config().latched);
    CHECK(service.static_config().latched_for == 5s);
    CHECK(builder(world.node).latched_for(5s).open());
    CHECK(builder(world.node).latched(true).open());
    CHECK(builder(world.node).open());
    const auto refused = builder(world.node).latched_for(6s).open();
    REQUIRE_FALSE(refused);
    CHECK(refused.error() == ipc::PublishSubscribeOpenError::IncompatibleLatching);
    CHECK(refused.error().message().find("latched_for (in ns) 5000000000, and 6000000000") !=
          std::string::npos);
    const auto unlimited = builder(world.node, "unlimited").latched(true).create().value();
    CHECK_FALSE(unlimited.static_config().latched_for);
    for (const auto duration : {0s, -1s}) {
        const auto invalid = builder(world.node, "invalid").latched_for(duration).create();
        REQUIRE_FALSE(invalid);
        CHECK(invalid.error() == ipc::PublishSubscribeCreateError::InvalidSetting);
    }
}
