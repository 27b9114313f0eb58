// SPDX-License-Identifier: Apache-2.0
// What the broker does not grant, by which name, and that the message names both sides.
#include "catch.hpp"
#include "layout/limits.hpp"
#include "raw_client.hpp"
#include "refusal_check.hpp"
#include "two_clients.hpp"

#include <unistd.h>

#include <functional>

namespace layout = ipc::layout;

namespace {

wire::CreatePort subscriber_request(std::uint64_t service, const wire::SubscriberSettings& settings) {
    return {.service = service, .name = "", .settings = settings};
}

wire::PublishSubscribeRequest& samples(wire::OpenService& request) {
    return std::get<wire::PublishSubscribeRequest>(request.request);
}

}  // namespace

TEST_CASE("names are taken up to their limit and no further") {
    TwoClients world;
    const std::string longest(layout::max_service_name, 'n');
    CHECK(world.other.call<wire::ServiceOpened>(open_service(longest)).created);
    CHECK(world.other.call<wire::ServiceOpened>(open_service("Grüße/日本")).created);
    check(world.refused(open_service(longest + "n")), wire::Refusal::InvalidName, {"256", "255"});
    check(world.refused(open_service("")), wire::Refusal::InvalidName, {"empty", "255"});
    check(world.refused(open_service(std::string{"a\0b", 3})), wire::Refusal::InvalidName, {"NUL", "byte 1"});

    RawClient nameless{world.broker.socket()};
    wire::Hello hello;
    hello.node_name = std::string(layout::max_node_name + 1, 'n');
    check(nameless.call<wire::Refused>(hello), wire::Refusal::InvalidName, {"node", "129", "128"});
    hello.node_name = std::string(layout::max_node_name, 'n');
    nameless.call<wire::Welcome>(hello);
}

TEST_CASE("a protocol that is not spoken is refused with both sides' versions") {
    harness::BrokerProcess broker;
    RawClient future{broker.socket()};
    wire::Hello hello;
    hello.lowest_protocol = 900;
    hello.highest_protocol = 901;
    hello.library_version = "99.1";
    check(future.call<wire::Refused>(hello), wire::Refusal::UnsupportedProtocol,
          {"1 to 2", "900 to 901", "99.1"});
    hello.lowest_protocol = 1;
    CHECK(future.call<wire::Welcome>(hello).protocol == wire::highest_protocol);
}

TEST_CASE("creating what exists and opening what does not") {
    TwoClients world;
    world.creator.call<wire::ServiceOpened>(open_service("s", wire::OpenMode::Create));
    check(world.refused(open_service("s", wire::OpenMode::Create)), wire::Refusal::AlreadyExists,
          {"\"s\"", "creator", std::to_string(::getpid())});
    check(world.refused(open_service("t", wire::OpenMode::Open)), wire::Refusal::DoesNotExist, {"\"t\""});
    CHECK_FALSE(world.other.call<wire::ServiceOpened>(open_service("s")).created);
    CHECK(world.other.call<wire::ServiceOpened>(open_service("t")).created);
}

TEST_CASE("a service ends with the last node that has it open") {
    TwoClients world;
    const auto service = world.creator.call<wire::ServiceOpened>(open_service("s")).service;
    world.creator.call<wire::ServiceOpened>(open_service("s"));
    world.other.call<wire::ServiceOpened>(open_service("s"));
    world.creator.tell(wire::CloseService{.service = service});
    CHECK(world.creator.query("services")["services"][0]["nodes"] == 2);
    world.creator.tell(wire::CloseService{.service = service});
    CHECK(world.creator.query("services")["services"][0]["nodes"] == 1);
    world.other.hang_up();
    CHECK(harness::eventually([&] { return world.creator.query("services")["services"].empty(); }));
}

TEST_CASE("a port keeps its service although the handle is closed") {
    TwoClients world;
    const auto service = world.creator.call<wire::ServiceOpened>(open_service("s")).service;
    const auto port = add_publisher(world.creator, service);
    world.creator.tell(wire::CloseService{.service = service});
    CHECK(world.other.query("services")["services"].size() == 1);
    world.creator.tell(wire::DropPort{.port = port.created.port});
    CHECK(harness::eventually([&] { return world.other.query("services")["services"].empty(); }));
}

TEST_CASE("types have to be the same") {
    TwoClients world;
    world.creator.call<wire::ServiceOpened>(open_service("s"));
    const auto differs = [&](const std::function<void(wire::PublishSubscribeSettings&)>& change,
                             const std::vector<std::string>& parts) {
        auto request = open_service("s", wire::OpenMode::Open);
        change(samples(request).settings);
        check(world.refused(request), wire::Refusal::IncompatibleTypes, parts);
    };
    differs([](auto& s) { s.payload.name = "i64"; }, {"\"u64\"", "\"i64\""});
    differs([](auto& s) { s.payload.size = 16; }, {"size 8", "size 16"});
    differs([](auto& s) { s.payload.alignment = 4; }, {"alignment 8", "alignment 4"});
    differs([](auto& s) { s.payload.variant = wire::TypeVariant::Dynamic; }, {"fixed_size", "dynamic"});
    differs([](auto& s) { s.user_header = {.name = "H", .size = 4, .alignment = 4}; }, {"none", "\"H\""});
}

TEST_CASE("layouts have to be the same where both sides say one") {
    TwoClients world;
    const auto with_layout = [](std::optional<std::string> layout, wire::OpenMode mode) {
        auto request = open_service("s", mode);
        samples(request).settings.payload.layout = std::move(layout);
        return request;
    };
    world.creator.call<wire::ServiceOpened>(with_layout("{4@0 4@4}8", wire::OpenMode::Create));
    world.other.call<wire::ServiceOpened>(with_layout("{4@0 4@4}8", wire::OpenMode::Open));
    world.other.call<wire::ServiceOpened>(with_layout(std::nullopt, wire::OpenMode::Open));
    check(world.refused(with_layout("{8@0}8", wire::OpenMode::Open)), wire::Refusal::IncompatibleTypes,
          {"layout {4@0 4@4}8", "layout {8@0}8"});
    auto too_long = with_layout(std::string(257, '8'), wire::OpenMode::Create);
    too_long.name = "t";
    check(world.refused(too_long), wire::Refusal::InvalidSetting, {"257", "256"});
}

TEST_CASE("what an opener asks for is the least that a service must offer") {
    TwoClients world;
    world.creator.call<wire::ServiceOpened>(open_service("s"));
    using R = wire::PublishSubscribeRequirements;
    const auto lacks = [&](const std::function<void(R&)>& ask, wire::Refusal code,
                           const std::vector<std::string>& parts) {
        auto request = open_service("s", wire::OpenMode::Open);
        ask(samples(request).requirements);
        check(world.refused(request), code, parts);
    };
    using wire::Refusal;
    lacks([](R& r) { r.safe_overflow = false; }, Refusal::IncompatibleOverflowBehavior, {"on", "off"});
    lacks([](R& r) { r.timestamps = true; }, Refusal::IncompatibleTimestamps, {"off", "on was"});
    lacks([](R& r) { r.history_size = 2; }, Refusal::DoesNotSupportRequestedMinHistorySize, {"1", "2"});
    lacks([](R& r) { r.subscriber_max_buffer_size = 5; }, Refusal::DoesNotSupportRequestedMinBufferSize,
          {"4", "5"});
    lacks([](R& r) { r.subscriber_max_borrowed_samples = huge; },
          Refusal::DoesNotSupportRequestedMinSubscriberBorrowedSamples, {"2", "18446744073709551615"});
    lacks([](R& r) { r.max_publishers = 3; }, Refusal::DoesNotSupportRequestedAmountOfPublishers, {"2", "3"});
    lacks([](R& r) { r.max_subscribers = 4; }, Refusal::DoesNotSupportRequestedAmountOfSubscribers,
          {"3", "4"});
    lacks([](R& r) { r.max_nodes = 4; }, Refusal::DoesNotSupportRequestedAmountOfNodes, {"3", "4"});
    lacks([](R& r) { r.payload_alignment = 16; }, Refusal::IncompatibleTypes, {"8", "16"});

    auto modest = open_service("s", wire::OpenMode::Open);
    samples(modest).requirements.history_size = 0;
    samples(modest).requirements.max_subscribers = 3;
    samples(modest).requirements.safe_overflow = true;
    world.other.call<wire::ServiceOpened>(modest);
}

TEST_CASE("settings that no service can have") {
    TwoClients world;
    using S = wire::PublishSubscribeSettings;
    const auto invalid = [&](const std::function<void(S&)>& change, const std::vector<std::string>& parts) {
        auto request = open_service("s", wire::OpenMode::Create);
        change(samples(request).settings);
        check(world.refused(request), wire::Refusal::InvalidSetting, parts);
    };
    invalid([](S& s) { s.payload.size = 0; }, {"payload size", "0"});
    invalid([](S& s) { s.payload.size = huge; }, {"payload size"});
    invalid([](S& s) { s.payload.name = ""; }, {"payload type"});
    invalid([](S& s) { s.payload.name = std::string(5000, 't'); }, {"5000", "4096"});
    invalid([](S& s) { s.payload.alignment = 0; }, {"alignment", "power of two"});
    invalid([](S& s) { s.payload.alignment = 24; }, {"24", "power of two"});
    invalid([](S& s) { s.payload.alignment = 8192; }, {"8192", "4096"});
    invalid([](S& s) { s.payload_alignment = 4; }, {"payload_alignment", "4", "8"});
    invalid([](S& s) { s.payload_alignment = huge; }, {"payload_alignment"});
    invalid(
        [](S& s) {
            s.payload.variant = wire::TypeVariant::Dynamic;
            s.payload.size = 12;
            s.payload.alignment = 8;
        },
        {"payload size is 12", "multiple", "8"});
    invalid(
        [](S& s) {
            s.user_header = {.name = "H", .size = 8, .alignment = 8, .variant = wire::TypeVariant::Dynamic};
        },
        {"user header", "\"H\"", "slice", "fixed size"});
    invalid([](S& s) { s.user_header.size = 4; }, {"user header"});
    invalid([](S& s) { s.user_header.alignment = 3; }, {"user header"});
    invalid([](S& s) { s.user_header = {.name = "H", .size = huge, .alignment = 8}; }, {"user header size"});
    invalid([](S& s) { s.history_size = layout::max_history_size + 1; }, {"history_size", "65536"});
    invalid([](S& s) { s.subscriber_max_buffer_size = 0; }, {"subscriber_max_buffer_size", "0"});
    invalid([](S& s) { s.subscriber_max_buffer_size = huge; }, {"32768"});
    invalid([](S& s) { s.subscriber_max_borrowed_samples = 0; }, {"subscriber_max_borrowed_samples"});
    invalid([](S& s) { s.max_publishers = 0; }, {"max_publishers"});
    invalid([](S& s) { s.max_subscribers = 0; }, {"max_subscribers"});
    invalid([](S& s) { s.max_nodes = 0; }, {"max_nodes"});
    // Each number alone is possible, and their product is not: neither as a size nor in 64 bits.
    invalid(
        [](S& s) {
            s.payload.size = layout::max_segment_size;
            s.max_subscribers = layout::max_ports_per_service;
            s.subscriber_max_buffer_size = layout::max_buffer_size;
        },
        {"chunks", std::to_string(layout::max_segment_size)});
    CHECK(world.other.query("services")["services"].empty());
}

TEST_CASE("a service takes as many nodes and ports as it says") {
    TwoClients world;
    const auto service = world.creator.call<wire::ServiceOpened>(open_service("s")).service;
    RawClient third{world.broker.socket()};
    third.hello("third");
    RawClient fourth{world.broker.socket()};
    fourth.hello("fourth");
    world.other.call<wire::ServiceOpened>(open_service("s"));
    third.call<wire::ServiceOpened>(open_service("s"));
    check(fourth.call<wire::Refused>(open_service("s")), wire::Refusal::ExceedsMaxNumberOfNodes,
          {"creator", "3 nodes", "max_nodes is 3"});

    for (int i = 0; i < 2; ++i) world.other.call<wire::PortCreated>(publisher_request(service));
    check(world.refused(publisher_request(service)), wire::Refusal::ExceedsMaxSupportedPublishers,
          {"2 publishers", "max_publishers is 2"});
    for (int i = 0; i < 3; ++i) third.call<wire::PortCreated>(subscriber_request(service, {}));
    check(third.call<wire::Refused>(subscriber_request(service, {})),
          wire::Refusal::ExceedsMaxSupportedSubscribers, {"3 subscribers", "max_subscribers is 3"});
}

TEST_CASE("a port's settings stay within its service's") {
    TwoClients world;
    const auto service = world.other.call<wire::ServiceOpened>(open_service("s")).service;
    check(world.refused(subscriber_request(service, {.buffer_size = 5, .history_request = 0})),
          wire::Refusal::BufferSizeExceedsMaxSupportedBufferSizeOfService, {"4", "5"});
    check(world.refused(subscriber_request(service, {.buffer_size = 0, .history_request = 0})),
          wire::Refusal::InvalidSetting, {"buffer_size is 0"});
    check(world.refused(subscriber_request(service, {.buffer_size = {}, .history_request = 2})),
          wire::Refusal::HistoryRequestExceedsHistorySizeOfService, {"1", "2"});
    check(world.refused(publisher_request(service, 0)), wire::Refusal::InvalidSetting,
          {"max_loaned_samples is 0"});
    check(world.refused(publisher_request(service, huge)), wire::Refusal::InvalidSetting,
          {"max_loaned_samples"});
    const auto created = world.other.call<wire::PortCreated>(
        subscriber_request(service, {.buffer_size = 3, .history_request = 1}));
    CHECK(created.buffer_size == 3);
}

TEST_CASE("a quota that is used up is named with who uses it") {
    harness::BrokerProcess broker{{.arguments = {}, .environment = {}, .configuration = R"({
        "quota": {"user": {"services": 3, "nodes": 3}, "session": {"services": 2, "ports": 1}}})"}};
    RawClient first{broker.socket()};
    first.hello("first");
    RawClient second{broker.socket()};
    second.hello("second");
    const auto service = first.call<wire::ServiceOpened>(open_service("a")).service;
    first.call<wire::ServiceOpened>(open_service("b"));
    check(first.call<wire::Refused>(open_service("c")), wire::Refusal::ExceedsQuota,
          {"quota.session.services", "2"});
    const auto last = second.call<wire::ServiceOpened>(open_service("c")).service;
    check(second.call<wire::Refused>(open_service("d")), wire::Refusal::ExceedsQuota,
          {"quota.user.services", "3", "first", std::to_string(::getpid())});

    first.call<wire::PortCreated>(publisher_request(service));
    check(first.call<wire::Refused>(publisher_request(service)), wire::Refusal::ExceedsQuota,
          {"quota.session.ports", "1"});

    // What ends is paid back.
    second.tell(wire::CloseService{.service = last});
    second.call<wire::ServiceOpened>(open_service("d"));

    RawClient third{broker.socket()};
    third.hello("third");
    RawClient fourth{broker.socket()};
    check(fourth.call<wire::Refused>(wire::Hello{}), wire::Refusal::ExceedsQuota, {"quota.user.nodes", "3"});
}

TEST_CASE("a user with too many sessions is turned away at the door") {
    harness::BrokerProcess broker{
        {.arguments = {}, .environment = {}, .configuration = R"({"quota": {"user": {"sessions": 1}}})"}};
    RawClient first{broker.socket()};
    first.hello("first");
    RawClient second{broker.socket()};
    CHECK(second.reason_of_the_end().find("quota.user.sessions") != std::string::npos);
    first.query("status");
}
