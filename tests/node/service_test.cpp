// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "harness/actor.hpp"
#include "service_world.hpp"

#include <set>

namespace {

struct Header {
    int a;
};

}  // namespace

TEST_CASE("what a service is, is what its creator said, and the defaults for the rest") {
    const harness::BrokerProcess broker;
    const auto node = node_on(broker);
    const auto created = node.service_builder("My/Funk/ServiceName")
                             .publish_subscribe<std::uint64_t>()
                             .user_header<Header>()
                             .history_size(3)
                             .subscriber_max_buffer_size(5)
                             .enable_safe_overflow(false)
                             .enable_timestamps(true)
                             .payload_alignment(64)
                             .create()
                             .value();
    CHECK(created.was_created());
    const auto opened = node.service_builder("My/Funk/ServiceName")
                            .publish_subscribe<std::uint64_t>()
                            .user_header<Header>()
                            .open()
                            .value();
    CHECK_FALSE(opened.was_created());
    CHECK(opened.name() == "My/Funk/ServiceName");
    CHECK(opened.service_hash() == created.service_hash());
    const auto config = opened.static_config();
    CHECK(config.payload == ipc::type_detail<std::uint64_t>());
    CHECK(config.user_header == ipc::type_detail<Header>());
    CHECK(config.history_size == 3);
    CHECK(config.subscriber_max_buffer_size == 5);
    CHECK(config.subscriber_max_borrowed_samples == ipc::defaults::subscriber_max_borrowed_samples);
    CHECK(config.max_publishers == ipc::defaults::max_publishers);
    CHECK(config.max_subscribers == ipc::defaults::max_subscribers);
    CHECK(config.max_nodes == ipc::defaults::max_nodes);
    CHECK_FALSE(config.enable_safe_overflow);
    CHECK(config.enable_timestamps);
    CHECK(config.payload_alignment == 64);
}

TEST_CASE("create, open and open_or_create differ in what must be there") {
    const harness::BrokerProcess broker;
    const auto node = node_on(broker, "the-creator");
    const auto builder = node.service_builder("S").publish_subscribe<int>();
    auto missing = builder.open();
    REQUIRE_FALSE(missing);
    CHECK(missing.error() == ipc::PublishSubscribeOpenError::DoesNotExist);
    CHECK(mentions(missing.error().message(), {"\"S\""}));
    {
        const auto service = builder.open_or_create().value();
        auto twice = builder.create();
        REQUIRE_FALSE(twice);
        CHECK(twice.error() == ipc::PublishSubscribeCreateError::AlreadyExists);
        CHECK(mentions(twice.error().message(), {"\"S\"", "the-creator"}));
        CHECK(builder.open());
        CHECK(builder.open_or_create());
    }
    // A service lives as long as somebody has it open.
    CHECK_FALSE(builder.open());
}

TEST_CASE("opening compares what was set, and says what is there and what was asked for") {
    const harness::BrokerProcess broker;
    const auto node = node_on(broker, "the-creator");
    const auto service = node.service_builder("S")
                             .publish_subscribe<std::uint64_t>()
                             .history_size(3)
                             .subscriber_max_buffer_size(4)
                             .subscriber_max_borrowed_samples(5)
                             .max_publishers(6)
                             .max_subscribers(7)
                             .max_nodes(8)
                             .payload_alignment(16)
                             .create()
                             .value();
    const auto other = node_on(broker, "the-opener");
    using E = ipc::PublishSubscribeOpenError;
    const auto builder = [&] { return other.service_builder("S").publish_subscribe<std::uint64_t>(); };
    const auto refused = [&](auto opened, E code, const std::vector<std::string>& parts) {
        REQUIRE_FALSE(opened);
        INFO(opened.error());
        CHECK(opened.error() == code);
        CHECK(mentions(opened.error().message(), {"the-creator"}));
        CHECK(mentions(opened.error().message(), parts));
    };
    refused(other.service_builder("S").publish_subscribe<std::int64_t>().open(), E::IncompatibleTypes,
            {"u64", "i64"});
    refused(builder().user_header<Header>().open(), E::IncompatibleTypes, {"none", "Header"});
    refused(builder().payload_alignment(32).open(), E::IncompatibleTypes, {"16", "32"});
    refused(builder().enable_safe_overflow(false).open(), E::IncompatibleOverflowBehavior, {"on", "off"});
    refused(builder().enable_timestamps(true).open(), E::IncompatibleTimestamps, {"off", "on"});
    refused(builder().history_size(4).open(), E::DoesNotSupportRequestedMinHistorySize, {"3", "4"});
    refused(builder().subscriber_max_buffer_size(5).open(), E::DoesNotSupportRequestedMinBufferSize,
            {"4", "5"});
    refused(builder().subscriber_max_borrowed_samples(6).open(),
            E::DoesNotSupportRequestedMinSubscriberBorrowedSamples, {"5", "6"});
    refused(builder().max_publishers(7).open(), E::DoesNotSupportRequestedAmountOfPublishers, {"6", "7"});
    refused(builder().max_subscribers(8).open(), E::DoesNotSupportRequestedAmountOfSubscribers, {"7", "8"});
    refused(builder().max_nodes(9).open(), E::DoesNotSupportRequestedAmountOfNodes, {"8", "9"});
    CHECK(builder()
              .history_size(2)
              .subscriber_max_buffer_size(4)
              .subscriber_max_borrowed_samples(1)
              .max_publishers(6)
              .max_subscribers(1)
              .max_nodes(8)
              .payload_alignment(8)
              .enable_safe_overflow(true)
              .open());

    // The same from open_or_create.
    auto either = builder().history_size(4).open_or_create();
    REQUIRE_FALSE(either);
    CHECK(either.error() == ipc::PublishSubscribeOpenOrCreateError::DoesNotSupportRequestedMinHistorySize);
}

TEST_CASE("a setting out of its range is refused with its name and its range") {
    const harness::BrokerProcess broker;
    const auto node = node_on(broker);
    const auto builder = node.service_builder("S").publish_subscribe<std::uint64_t>();
    const auto refused = [](auto built, const std::vector<std::string>& parts) {
        auto created = built.create();
        REQUIRE_FALSE(created);
        INFO(created.error());
        CHECK(created.error() == ipc::PublishSubscribeCreateError::InvalidSetting);
        CHECK(mentions(created.error().message(), parts));
    };
    auto b = builder;
    refused(b.subscriber_max_buffer_size(0), {"subscriber_max_buffer_size", "0", "32768"});
    b = builder;
    refused(b.subscriber_max_buffer_size(32769), {"subscriber_max_buffer_size", "32769", "32768"});
    b = builder;
    refused(b.payload_alignment(12), {"payload_alignment", "12", "power of two"});
    b = builder;
    refused(b.payload_alignment(4), {"payload_alignment", "4", "8"});
    b = builder;
    refused(b.max_publishers(0), {"max_publishers", "0"});
    b = builder;
    refused(b.history_size(65537), {"history_size", "65537", "65536"});
}

TEST_CASE("a service's node limit counts nodes, not handles") {
    const harness::BrokerProcess broker;
    const auto first = node_on(broker);
    const auto one = first.service_builder("S").publish_subscribe<int>().max_nodes(1).create().value();
    const auto again = first.service_builder("S").publish_subscribe<int>().open().value();
    const auto second = node_on(broker);
    auto refused = second.service_builder("S").publish_subscribe<int>().open();
    REQUIRE_FALSE(refused);
    CHECK(refused.error() == ipc::PublishSubscribeOpenError::ExceedsMaxNumberOfNodes);
    CHECK(mentions(refused.error().message(), {"max_nodes", "1"}));
}

TEST_CASE("names of services are 1 to 255 bytes of UTF-8") {
    const harness::BrokerProcess broker;
    const auto node = node_on(broker);
    const auto create = [&](std::string_view name) {
        return node.service_builder(name).publish_subscribe<int>().create();
    };
    CHECK(create("x"));
    CHECK(create(std::string(255, 'x')));
    std::string umlauts;
    for (int i = 0; i < 127; ++i) umlauts += "ü";
    CHECK(create(umlauts + "x"));
    CHECK(create("a b/\xF0\x9F\x9A\x97\n"));

    const auto refused = [&](std::string_view name, const std::vector<std::string>& parts) {
        auto created = create(name);
        REQUIRE_FALSE(created);
        CHECK(created.error() == ipc::PublishSubscribeCreateError::InvalidName);
        CHECK(mentions(created.error().message(), parts));
    };
    refused("", {"0 bytes", "1 to 255"});
    refused(std::string(256, 'x'), {"256 bytes", "1 to 255"});
    refused(umlauts + "üü", {"258 bytes"});
    refused(std::string_view{"a\0b", 3}, {"NUL", "byte 1"});
    refused("a\xff", {"UTF-8", "byte 1"});
    refused("ab\xc0\x80", {"UTF-8", "byte 2"});    // overlong
    refused("\xed\xa0\x80", {"UTF-8", "byte 0"});  // surrogate
    refused("\xf4\x90\x80\x80", {"UTF-8"});        // above U+10FFFF
    refused("abc\xe2\x82", {"UTF-8", "byte 3"});   // cut short
}

TEST_CASE("who uses a service can be seen from inside and from outside") {
    const harness::BrokerProcess broker;
    const auto node = node_on(broker, "alpha");
    const auto service = node.service_builder("S").publish_subscribe<int>().history_size(1).create().value();
    const auto publisher = service.publisher_builder().name("lidar").create().value();
    const auto beta = node_on(broker, "beta");
    const auto same = beta.service_builder("S").publish_subscribe<int>().open().value();

    const auto dynamic = service.dynamic_config().value();
    REQUIRE(dynamic.nodes.size() == 2);
    REQUIRE(dynamic.publishers.size() == 1);
    CHECK(dynamic.subscribers.empty());
    CHECK(dynamic.publishers[0].id == publisher.id());
    CHECK(dynamic.publishers[0].name == "lidar");
    CHECK(dynamic.publishers[0].node == node.id());

    const auto details = ipc::Service::details("S", on(broker)).value();
    REQUIRE(details);
    CHECK(details->summary.hash == service.service_hash());
    CHECK(details->summary.publishers == 1);
    const auto& config = std::get<ipc::PublishSubscribeStaticConfig>(details->static_config);
    CHECK(config.history_size == 1);
    CHECK(config.payload == ipc::type_detail<int>());
    CHECK_FALSE(ipc::Service::details("T", on(broker)).value());
    CHECK(ipc::Service::does_exist("S", on(broker)).value());
    CHECK_FALSE(ipc::Service::does_exist("T", on(broker)).value());

    std::vector<std::string> names;
    const auto other = node.service_builder("A").publish_subscribe<int>().create().value();
    ipc::Service::list(on(broker), [&](const ipc::ServiceSummary& s) {
        names.push_back(s.name);
        return ipc::CallbackProgression::Continue;
    }).value();
    CHECK(names == std::vector<std::string>{"A", "S"});
    names.clear();
    ipc::Service::list(on(broker), [&](const ipc::ServiceSummary& s) {
        names.push_back(s.name);
        return ipc::CallbackProgression::Stop;
    }).value();
    CHECK(names.size() == 1);
}

TEST_CASE("two hundred services of several nodes are listed whole") {
    const harness::BrokerProcess broker;
    std::vector<ipc::Node> nodes;
    std::vector<ipc::PublishSubscribeService<int>> services;
    std::set<std::string> expected;
    for (int i = 0; i < 200; ++i) {
        if (i % 50 == 0) nodes.push_back(node_on(broker));
        const std::string name = "Service/" + std::to_string(i);
        services.push_back(nodes.back().service_builder(name).publish_subscribe<int>().create().value());
        expected.insert(name);
    }
    std::set<std::string> listed;
    ipc::Service::list(on(broker), [&](const ipc::ServiceSummary& s) {
        listed.insert(s.name);
        return ipc::CallbackProgression::Continue;
    }).value();
    CHECK(listed == expected);
}

TEST_CASE("a list that needs more than one message is put together") {
    harness::BrokerProcess::Options options;
    const harness::BrokerProcess broker{options};
    const auto node = node_on(broker);
    std::vector<ipc::PublishSubscribeService<int>> services;
    for (int i = 0; i < 700; ++i)
        services.push_back(node.service_builder(std::to_string(i)).publish_subscribe<int>().create().value());
    std::size_t count = 0;
    ipc::Service::list(on(broker), [&](const ipc::ServiceSummary&) {
        ++count;
        return ipc::CallbackProgression::Continue;
    }).value();
    CHECK(count == 700);
}
