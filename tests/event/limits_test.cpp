// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "event/world.hpp"

#include <optional>
#include <string>
#include <utility>

using namespace event;
using Catch::Matchers::Contains;

TEST_CASE("one notifier too many is refused with a message that names both sides", "[event]") {
    World world;
    const auto service = world.node.service_builder("Limited").event().max_notifiers(2).create().value();
    const auto first = service.notifier_builder().create().value();
    std::optional second{service.notifier_builder().create().value()};
    const auto third = service.notifier_builder().create();
    REQUIRE_FALSE(third.has_value());
    CHECK(third.error() == ipc::NotifierCreateError::ExceedsMaxSupportedNotifiers);
    CHECK_THAT(third.error().message(), Contains("Limited") && Contains("max_notifiers is 2"));
    second.reset();
    CHECK(service.notifier_builder().create().has_value());
}

TEST_CASE("one listener too many is refused with a message that names both sides", "[event]") {
    World world;
    const auto service = world.node.service_builder("Limited").event().max_listeners(1).create().value();
    std::optional first{service.listener_builder().create().value()};
    const auto second = service.listener_builder().create();
    REQUIRE_FALSE(second.has_value());
    CHECK(second.error() == ipc::ListenerCreateError::ExceedsMaxSupportedListeners);
    CHECK_THAT(second.error().message(), Contains("Limited") && Contains("max_listeners is 1"));
    first.reset();
    CHECK(service.listener_builder().create().has_value());
}

TEST_CASE("one node too many is refused with a message that names both sides", "[event]") {
    World world;
    const auto service = world.node.service_builder("Limited").event().max_nodes(1).create().value();
    const auto other = node_at(world.broker.socket(), "other");
    const auto opened = other.service_builder("Limited").event().open();
    REQUIRE_FALSE(opened.has_value());
    CHECK(opened.error() == ipc::EventOpenError::ExceedsMaxNumberOfNodes);
    CHECK_THAT(opened.error().message(), Contains("Limited") && Contains("max_nodes is 1"));
}

TEST_CASE("an event beyond the highest is refused and nobody hears of it", "[event]") {
    World world;
    const auto service = world.node.service_builder("E").event().event_id_max_value(9).create().value();
    auto notifier = service.notifier_builder().create().value();
    auto listener = service.listener_builder().create().value();
    CHECK(notifier.notify(EventId{10}).error() == ipc::NotifyError::EventIdOutOfBounds);
    CHECK(notifier.notify(EventId{~std::uint64_t{0}}).error() == ipc::NotifyError::EventIdOutOfBounds);
    CHECK(notifier.notify_listener(listener.id(), EventId{10}).error() ==
          ipc::NotifyError::EventIdOutOfBounds);
    CHECK(heard(listener).empty());
    CHECK(notifier.notify(EventId{9}).value() == 1);
    CHECK(heard(listener) == Tally{{9, 1}});
}

TEST_CASE("a notifier whose default event is beyond the highest is refused", "[event]") {
    World world;
    const auto service = world.node.service_builder("E").event().event_id_max_value(9).create().value();
    const auto created = service.notifier_builder().default_event_id(EventId{10}).create();
    REQUIRE_FALSE(created.has_value());
    CHECK(created.error() == ipc::NotifierCreateError::EventIdOutOfBounds);
    CHECK_THAT(created.error().message(),
               Contains("event_id_max_value 9") && Contains("default_event_id 10"));
    CHECK(service.notifier_builder().default_event_id(EventId{9}).create().has_value());
}

TEST_CASE("names of notifiers and listeners have at most 128 bytes of UTF-8", "[event]") {
    World world;
    const auto service = world.node.service_builder("E").event().create().value();
    CHECK(service.notifier_builder().name(std::string(128, 'x')).create().has_value());
    CHECK(service.notifier_builder().name(std::string(129, 'x')).create().error() ==
          ipc::NotifierCreateError::InvalidName);
    CHECK(service.listener_builder().name(std::string(129, 'x')).create().error() ==
          ipc::ListenerCreateError::InvalidName);
    CHECK(service.listener_builder().name("\xff").create().error() == ipc::ListenerCreateError::InvalidName);
}
