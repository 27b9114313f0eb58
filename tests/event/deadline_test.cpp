// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "event/world.hpp"

using namespace event;

TEST_CASE("a notifier that is late is told so after everybody was notified", "[event]") {
    World world;
    // Nobody is faster than that.
    const auto service = world.node.service_builder("E").event().deadline(1ns).create().value();
    auto notifier = service.notifier_builder().create().value();
    auto listener = service.listener_builder().create().value();
    CHECK(notifier.notify(EventId{4}).error() == ipc::NotifyError::MissedDeadline);
    CHECK(heard(listener) == Tally{{4, 1}});
    CHECK(notifier.notify_listener(listener.id(), EventId{5}).error() == ipc::NotifyError::MissedDeadline);
    CHECK(heard(listener) == Tally{{5, 1}});
}

TEST_CASE("a notifier within its deadline is told nothing", "[event]") {
    World world;
    const auto service = world.node.service_builder("E").event().deadline(24h).create().value();
    auto notifier = service.notifier_builder().create().value();
    auto listener = service.listener_builder().create().value();
    CHECK(notifier.notify().value() == 1);
    CHECK(notifier.notify_listener(listener.id(), EventId{1}).has_value());
}

TEST_CASE("what is wrong with the call is no missed deadline", "[event]") {
    World world;
    const auto service = world.node.service_builder("E").event().deadline(1ns).create().value();
    auto notifier = service.notifier_builder().create().value();
    CHECK(notifier.notify(EventId{256}).error() == ipc::NotifyError::EventIdOutOfBounds);
    CHECK(notifier.notify_listener({1, 2}, EventId{5}).error() == ipc::NotifyError::NotConnected);
}
