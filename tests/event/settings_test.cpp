// SPDX-License-Identifier: Apache-2.0
// What an event service is, who may open it as what, and what is said where that does not fit.
#include "catch.hpp"
#include "event/world.hpp"

#include <optional>
#include <string>
#include <vector>

using namespace event;

namespace {

template <class Opened, class Code>
void refused(const Opened& opened, Code code, const std::vector<std::string>& parts) {
    REQUIRE_FALSE(opened.has_value());
    INFO(opened.error());
    CHECK(opened.error() == code);
    for (const auto& part : parts) {
        INFO("looking for: " << part);
        CHECK(opened.error().message().find(part) != std::string::npos);
    }
}

auto everything_set(const ipc::Node& node) {
    auto builder = node.service_builder("E").event();
    return builder.event_id_max_value(300)
        .max_notifiers(3)
        .max_listeners(4)
        .max_nodes(5)
        .deadline(7ms)
        .notifier_created_event(EventId{10})
        .notifier_dropped_event(EventId{11})
        .notifier_dead_event(EventId{12});
}

}  // namespace

TEST_CASE("an event service is what its creator said", "[event]") {
    World world;
    const auto created = everything_set(world.node).create().value();
    CHECK(created.was_created());
    CHECK(created.name() == "E");
    const auto opened = world.node.service_builder("E").event().open().value();
    CHECK_FALSE(opened.was_created());
    CHECK(opened.service_hash() == created.service_hash());
    for (const auto& config : {created.static_config(), opened.static_config()}) {
        CHECK(config.event_id_max_value == 300);
        CHECK(config.max_notifiers == 3);
        CHECK(config.max_listeners == 4);
        CHECK(config.max_nodes == 5);
        CHECK(config.deadline == std::chrono::nanoseconds{7ms});
        CHECK(config.notifier_created_event == EventId{10});
        CHECK(config.notifier_dropped_event == EventId{11});
        CHECK(config.notifier_dead_event == EventId{12});
    }
    CHECK(opened.notifier_builder().create().value().deadline() == std::chrono::nanoseconds{7ms});
    CHECK(opened.listener_builder().create().value().deadline() == std::chrono::nanoseconds{7ms});
}

TEST_CASE("and the defaults for the rest", "[event]") {
    World world;
    const auto service = world.node.service_builder("E").event().open_or_create().value();
    const auto config = service.static_config();
    CHECK(config.event_id_max_value == 255);
    CHECK(config.max_notifiers == 16);
    CHECK(config.max_listeners == 16);
    CHECK(config.max_nodes == 36);
    CHECK_FALSE(config.deadline);
    CHECK_FALSE(config.notifier_created_event);
    CHECK_FALSE(config.notifier_dropped_event);
    CHECK_FALSE(config.notifier_dead_event);
    CHECK_FALSE(service.notifier_builder().create().value().deadline());
    CHECK_FALSE(service.listener_builder().create().value().deadline());
}

TEST_CASE("create, open and open_or_create of an event service", "[event]") {
    World world;
    const auto builder = world.node.service_builder("E").event();
    refused(builder.open(), ipc::EventOpenError::DoesNotExist, {"event service \"E\""});
    {
        const auto service = builder.create().value();
        refused(builder.create(), ipc::EventCreateError::AlreadyExists, {"\"E\"", "node \"test\""});
        CHECK(builder.open());
        CHECK(builder.open_or_create());
    }
    CHECK_FALSE(builder.open());
}

TEST_CASE("opening an event service compares what was set, and says both sides", "[event]") {
    World world;
    const auto service = everything_set(world.node).create().value();
    const auto builder = [&] { return world.node.service_builder("E").event(); };
    using E = ipc::EventOpenError;
    refused(builder().event_id_max_value(301).open(), E::DoesNotSupportRequestedMaxEventId, {"300", "301"});
    refused(builder().max_notifiers(4).open(), E::DoesNotSupportRequestedAmountOfNotifiers, {"3", "4"});
    refused(builder().max_listeners(5).open(), E::DoesNotSupportRequestedAmountOfListeners, {"4", "5"});
    refused(builder().max_nodes(6).open(), E::DoesNotSupportRequestedAmountOfNodes, {"5", "6"});
    refused(builder().deadline(8ms).open(), E::IncompatibleDeadline, {"7000000", "8000000"});
    refused(builder().disable_deadline().open(), E::IncompatibleDeadline, {"7000000", "none"});
    refused(builder().notifier_created_event(EventId{1}).open(), E::IncompatibleNotifierCreatedEvent,
            {"notifier_created_event 10", "1 was asked for"});
    refused(builder().notifier_dropped_event(EventId{1}).open(), E::IncompatibleNotifierDroppedEvent,
            {"notifier_dropped_event 11"});
    refused(builder().notifier_dead_event(EventId{1}).open(), E::IncompatibleNotifierDeadEvent,
            {"notifier_dead_event 12"});
    refused(builder().disable_notifier_created_event().open(), E::IncompatibleNotifierCreatedEvent, {"none"});
    refused(builder().disable_notifier_dropped_event().open(), E::IncompatibleNotifierDroppedEvent, {"none"});
    refused(builder().disable_notifier_dead_event().open(), E::IncompatibleNotifierDeadEvent, {"none"});
    refused(builder().notifier_dead_event(EventId{1}).open_or_create(),
            ipc::EventOpenOrCreateError::IncompatibleNotifierDeadEvent, {"12"});
    CHECK(everything_set(world.node).open());
    CHECK(builder().event_id_max_value(1).max_notifiers(1).max_listeners(1).max_nodes(1).open());

    const auto plain = world.node.service_builder("plain").event().create().value();
    refused(world.node.service_builder("plain").event().deadline(1s).open(), E::IncompatibleDeadline,
            {"none", "1000000000 was asked for"});
    CHECK(world.node.service_builder("plain")
              .event()
              .disable_deadline()
              .disable_notifier_created_event()
              .disable_notifier_dropped_event()
              .disable_notifier_dead_event()
              .open());
}

TEST_CASE("a setting of an event service out of its range is refused with its name", "[event]") {
    World world;
    const auto builder = [&] { return world.node.service_builder("E").event(); };
    using E = ipc::EventCreateError;
    refused(builder().event_id_max_value(65536).create(), E::InvalidSetting,
            {"event_id_max_value", "65536", "65535"});
    refused(builder().max_notifiers(0).create(), E::InvalidSetting, {"max_notifiers is 0"});
    refused(builder().max_listeners(65537).create(), E::InvalidSetting, {"max_listeners", "65536"});
    refused(builder().max_nodes(0).create(), E::InvalidSetting, {"max_nodes"});
    refused(builder().deadline(0ns).create(), E::InvalidSetting, {"deadline", "0 ns"});
    refused(builder().deadline(-1s).create(), E::InvalidSetting, {"deadline", "-1000000000 ns"});
    refused(builder().notifier_created_event(EventId{256}).create(), E::InvalidSetting,
            {"notifier_created_event is 256", "0 to 255"});
    refused(builder().notifier_dropped_event(EventId{256}).create(), E::InvalidSetting,
            {"notifier_dropped_event"});
    refused(builder().event_id_max_value(3).notifier_dead_event(EventId{4}).create(), E::InvalidSetting,
            {"notifier_dead_event is 4", "0 to 3"});
    refused(world.node.service_builder("").event().create(), E::InvalidName, {"1 to 255"});
    CHECK(builder().event_id_max_value(65535).max_notifiers(65536).max_listeners(65536).create());
}

TEST_CASE("samples are no events, and events are no samples", "[event]") {
    World world;
    const auto samples = world.node.service_builder("S").publish_subscribe<int>().create().value();
    const auto events = world.node.service_builder("E").event().create().value();
    refused(world.node.service_builder("S").event().open(), ipc::EventOpenError::IncompatibleMessagingPattern,
            {"publish-subscribe", "event"});
    refused(world.node.service_builder("S").event().open_or_create(),
            ipc::EventOpenOrCreateError::IncompatibleMessagingPattern, {"\"S\""});
    refused(world.node.service_builder("E").publish_subscribe<int>().open(),
            ipc::PublishSubscribeOpenError::IncompatibleMessagingPattern,
            {"an event service", "a publish-subscribe"});
}

TEST_CASE("who uses an event service can be seen from inside and from outside", "[event]") {
    World world;
    const auto service = everything_set(world.node).create().value();
    const auto samples = world.node.service_builder("S").publish_subscribe<int>().create().value();
    const auto notifier = service.notifier_builder().name("bell").create().value();
    const auto listener = service.listener_builder().name("ear").create().value();

    const auto dynamic = service.dynamic_config().value();
    REQUIRE(dynamic.notifiers.size() == 1);
    CHECK(dynamic.notifiers[0].id == notifier.id());
    CHECK(dynamic.notifiers[0].name == "bell");
    CHECK(dynamic.notifiers[0].node == world.node.id());
    REQUIRE(dynamic.listeners.size() == 1);
    CHECK(dynamic.listeners[0].id == listener.id());
    CHECK(dynamic.nodes.size() == 1);

    const auto config = harness::config_for(world.broker.socket());
    const auto details = ipc::Service::details("E", config).value();
    REQUIRE(details);
    CHECK(details->summary.pattern == "event");
    CHECK(details->summary.notifiers == 1);
    CHECK(details->summary.listeners == 1);
    CHECK(details->summary.hash == service.service_hash());
    const auto& seen = std::get<ipc::EventStaticConfig>(details->static_config);
    CHECK(seen.event_id_max_value == 300);
    CHECK(seen.deadline == std::chrono::nanoseconds{7ms});
    CHECK(seen.notifier_dead_event == EventId{12});
    CHECK(std::get<ipc::EventDynamicConfig>(details->dynamic_config).notifiers.size() == 1);

    std::vector<std::string> patterns;
    ipc::Service::list(config, [&](const ipc::ServiceSummary& summary) {
        patterns.push_back(summary.pattern);
        return ipc::CallbackProgression::Continue;
    }).value();
    CHECK(patterns == std::vector<std::string>{"event", "publish_subscribe"});
}
