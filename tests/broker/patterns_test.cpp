// SPDX-License-Identifier: Apache-2.0
// What the broker keeps apart, and does alike, of different messaging patterns.
#include "catch.hpp"
#include "layout/event_connection.hpp"
#include "layout/limits.hpp"
#include "raw_client.hpp"
#include "refusal_check.hpp"
#include "two_clients.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <functional>

namespace layout = ipc::layout;

namespace {

wire::EventRequest& events(wire::OpenService& request) {
    return std::get<wire::EventRequest>(request.request);
}

wire::CreatePort notifier(std::uint64_t service, std::uint64_t id = 0) {
    return {.service = service, .name = "n", .settings = wire::NotifierSettings{.default_event_id = id}};
}
wire::CreatePort listener(std::uint64_t service) {
    return {.service = service, .name = "l", .settings = wire::ListenerSettings{}};
}

}  // namespace

TEST_CASE("a service of one pattern is not opened as one of another") {
    TwoClients world;
    world.creator.call<wire::ServiceOpened>(open_service("samples"));
    world.creator.call<wire::ServiceOpened>(open_events("events"));
    using wire::Refusal;
    for (const auto mode : {wire::OpenMode::Open, wire::OpenMode::OpenOrCreate}) {
        check(world.refused(open_events("samples", mode)), Refusal::IncompatibleMessagingPattern,
              {"\"samples\"", std::to_string(::getpid()), "is a publish-subscribe service",
               "an event service was asked for"});
        check(world.refused(open_service("events", mode)), Refusal::IncompatibleMessagingPattern,
              {"\"events\"", "is an event service", "a publish-subscribe service was asked for"});
    }
    check(world.refused(open_events("samples", wire::OpenMode::Create)), Refusal::AlreadyExists, {"samples"});
    check(world.refused(open_events("none", wire::OpenMode::Open)), Refusal::DoesNotExist,
          {"no event service \"none\""});
}

TEST_CASE("who opens an event service is told what it is") {
    TwoClients world;
    const auto created = world.creator.call<wire::ServiceOpened>(open_events("e"));
    auto modest = open_events("e", wire::OpenMode::Open);
    events(modest).settings = {};
    events(modest).requirements.event_id_max_value = 100;
    events(modest).requirements.notifier_dead_event = 7;
    events(modest).requirements.notifier_created_event.emplace(std::nullopt);
    const auto opened = world.other.call<wire::ServiceOpened>(modest);
    CHECK_FALSE(opened.created);
    CHECK(opened.hash == created.hash);
    auto asked = open_events("e");
    CHECK(std::get<wire::EventSettings>(opened.settings) == events(asked).settings);
    CHECK(opened.hash != world.creator.call<wire::ServiceOpened>(open_service("s")).hash);
}

TEST_CASE("what an event service does not offer is refused with both sides") {
    TwoClients world;
    world.creator.call<wire::ServiceOpened>(open_events("e"));
    using R = wire::EventRequirements;
    using wire::Refusal;
    const auto lacks = [&](const std::function<void(R&)>& ask, Refusal code,
                           const std::vector<std::string>& parts) {
        auto request = open_events("e", wire::OpenMode::Open);
        ask(events(request).requirements);
        check(world.refused(request), code, parts);
    };
    lacks([](R& r) { r.event_id_max_value = 101; }, Refusal::DoesNotSupportRequestedMaxEventId,
          {"event_id_max_value 100", "101"});
    lacks([](R& r) { r.max_notifiers = 3; }, Refusal::DoesNotSupportRequestedAmountOfNotifiers,
          {"max_notifiers 2", "3"});
    lacks([](R& r) { r.max_listeners = huge; }, Refusal::DoesNotSupportRequestedAmountOfListeners,
          {"max_listeners 3", "18446744073709551615"});
    lacks([](R& r) { r.max_nodes = 4; }, Refusal::DoesNotSupportRequestedAmountOfNodes, {"max_nodes 3", "4"});
    lacks([](R& r) { r.deadline_ns = 2'000'000; }, Refusal::IncompatibleDeadline, {"1000000", "2000000"});
    lacks([](R& r) { r.deadline_ns.emplace(std::nullopt); }, Refusal::IncompatibleDeadline,
          {"1000000", "none was asked for"});
    lacks([](R& r) { r.notifier_created_event = 7; }, Refusal::IncompatibleNotifierCreatedEvent,
          {"notifier_created_event none", "7"});
    lacks([](R& r) { r.notifier_dropped_event = 7; }, Refusal::IncompatibleNotifierDroppedEvent,
          {"notifier_dropped_event none", "7"});
    lacks([](R& r) { r.notifier_dead_event = 8; }, Refusal::IncompatibleNotifierDeadEvent,
          {"notifier_dead_event 7", "8"});
}

TEST_CASE("settings that no event service can have") {
    TwoClients world;
    using S = wire::EventSettings;
    const auto invalid = [&](const std::function<void(S&)>& change, const std::vector<std::string>& parts) {
        auto request = open_events("e", wire::OpenMode::Create);
        change(events(request).settings);
        check(world.refused(request), wire::Refusal::InvalidSetting, parts);
    };
    invalid([](S& s) { s.event_id_max_value = layout::max_event_id + 1; }, {"event_id_max_value", "65535"});
    invalid([](S& s) { s.event_id_max_value = huge; }, {"event_id_max_value"});
    invalid([](S& s) { s.max_notifiers = 0; }, {"max_notifiers is 0"});
    invalid([](S& s) { s.max_listeners = huge; }, {"max_listeners"});
    invalid([](S& s) { s.max_nodes = 0; }, {"max_nodes"});
    invalid([](S& s) { s.deadline_ns = 0; }, {"deadline", "is 0"});
    invalid([](S& s) { s.deadline_ns = huge; }, {"deadline"});
    invalid([](S& s) { s.notifier_created_event = 101; }, {"notifier_created_event is 101", "0 to 100"});
    invalid([](S& s) { s.notifier_dropped_event = huge; }, {"notifier_dropped_event"});
    invalid([](S& s) { s.notifier_dead_event = 101; }, {"notifier_dead_event is 101"});
    CHECK(world.other.query("services")["services"].empty());
}

TEST_CASE("an event service takes as many ports as it says") {
    TwoClients world;
    const auto notified = world.other.call<wire::ServiceOpened>(open_events("notified")).service;
    for (int i = 0; i < 2; ++i) world.other.call<wire::PortCreated>(notifier(notified));
    check(world.refused(notifier(notified)), wire::Refusal::ExceedsMaxSupportedNotifiers,
          {"2 notifiers", "max_notifiers is 2"});
    const auto heard = world.other.call<wire::ServiceOpened>(open_events("heard")).service;
    for (int i = 0; i < 3; ++i) world.other.call<wire::PortCreated>(listener(heard));
    check(world.refused(listener(heard)), wire::Refusal::ExceedsMaxSupportedListeners,
          {"3 listeners", "max_listeners is 3"});
}

TEST_CASE("a notifier's default event is one of its service's") {
    TwoClients world;
    const auto service = world.other.call<wire::ServiceOpened>(open_events("e")).service;
    check(world.refused(notifier(service, 101)), wire::Refusal::EventIdOutOfBounds,
          {"event_id_max_value 100", "default_event_id 101"});
    world.other.call<wire::PortCreated>(notifier(service, 100));
}

TEST_CASE("a notifier and a listener are connected by a segment of counters and nothing else") {
    TwoClients world;
    const auto service = world.creator.call<wire::ServiceOpened>(open_events("e")).service;
    world.other.call<wire::ServiceOpened>(open_events("e"));
    const auto sending = add_port(world.creator, notifier(service));
    CHECK(sending.created.data_size == 0);
    CHECK(world.creator.last_descriptors.empty());
    const auto receiving = add_port(world.other, listener(service));
    REQUIRE(receiving.offers.size() == 1);
    const auto& [to_listener, descriptors] = receiving.offers.front();
    CHECK(to_listener.data_sizes.empty());
    CHECK_FALSE(to_listener.sending);
    CHECK(std::get<wire::EventConnection>(to_listener.settings).event_id_max_value == 100);
    REQUIRE(descriptors.size() == 2);
    struct stat segment {};
    REQUIRE(::fstat(descriptors[0].get(), &segment) == 0);
    CHECK(segment.st_size == static_cast<off_t>(layout::event_connection(100).size));
    const auto to_notifier = world.creator.expect<wire::ConnectionOffered>();
    CHECK(to_notifier.sending);
    CHECK(to_notifier.peer_port == receiving.created.port);
}

TEST_CASE("status shows what belongs to a pattern and nothing of another") {
    TwoClients world;
    const auto samples = world.creator.call<wire::ServiceOpened>(open_service("samples")).service;
    const auto events_service = world.creator.call<wire::ServiceOpened>(open_events("events")).service;
    add_publisher(world.creator, samples);
    add_port(world.creator, notifier(events_service, 3));
    add_port(world.creator, listener(events_service));

    const auto list = world.other.query("services")["services"];
    REQUIRE(list.size() == 2);
    CHECK(list[0]["pattern"] == "event");
    CHECK(list[0]["notifiers"] == 1);
    CHECK(list[0]["listeners"] == 1);
    CHECK_FALSE(list[0].contains("publishers"));
    CHECK_FALSE(list[0].contains("payload"));
    CHECK(list[1]["pattern"] == "publish_subscribe");
    CHECK(list[1]["publishers"] == 1);
    CHECK_FALSE(list[1].contains("listeners"));

    const auto service = world.other.query("service", "events")["services"][0];
    CHECK(service["settings"]["event_id_max_value"] == 100);
    CHECK(service["settings"]["deadline_ns"] == 1'000'000);
    CHECK(service["settings"]["notifier_created_event"].is_null());
    CHECK(service["settings"]["notifier_dead_event"] == 7);
    REQUIRE(service["ports"].size() == 2);
    CHECK(service["ports"][0]["kind"] == "notifier");
    CHECK(service["ports"][0]["settings"]["default_event_id"] == 3);
    CHECK(service["ports"][0]["counters"].contains("notified"));
    CHECK(service["ports"][1]["kind"] == "listener");
    CHECK(service["ports"][1]["counters"].contains("received"));
    CHECK(service["ports"][1]["settings"] == nlohmann::json::object());
}
