// SPDX-License-Identifier: Apache-2.0
// What the broker shows of ports is what they counted.
#include "catch.hpp"
#include "pubsub/world.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

using namespace pubsub;

namespace {

nlohmann::json port_of(const World& world, const ipc::UniquePortId& id) {
    ipc::Config config;
    config.socket = world.broker.socket();
    auto introspection = ipc::Introspection::open(config).value();
    const auto answer = nlohmann::json::parse(introspection.ask("ports", "").value());
    for (const auto& port : answer.at("ports"))
        if (port.at("id") == id.text()) return port;
    throw ipc::Failure{"the broker does not know the port"};
}

}  // namespace

TEMPLATE_TEST_CASE("the broker shows what ports counted", "[pubsub][counters]", std::uint64_t,
                   (std::array<std::uint64_t, 64>)) {
    World world;
    auto service = world.node.service_builder("counted")
                       .publish_subscribe<TestType>()
                       .history_size(1)
                       .subscriber_max_buffer_size(3)
                       .subscriber_max_borrowed_samples(3)
                       .create()
                       .value();
    auto publisher = service.publisher_builder().create().value();
    publisher.send_copy({}).value();
    auto subscriber = service.subscriber_builder().create().value();
    for (int i = 0; i < 5; ++i) send(publisher, TestType{}, 1);
    auto loan = publisher.loan().value();
    std::vector<ipc::Sample<TestType>> held;
    for (int i = 0; i < 3; ++i) held.push_back(next(subscriber));

    const auto sender = port_of(world, publisher.id()).at("counters");
    CHECK(sender.at("sent") == 6);
    CHECK(sender.at("delivered") == 5);
    CHECK(sender.at("lost") == 2);
    CHECK(sender.at("loaned") == 1);
    CHECK(sender.at("blocked") == 0);
    CHECK(sender.at("bytes") == 6 * sizeof(TestType));
    CHECK(sender.at("cut") == 0);

    const auto shown = port_of(world, subscriber.id());
    const auto receiver = shown.at("counters");
    CHECK(receiver.at("received") == 3);
    CHECK(receiver.at("history") == 1);
    CHECK(receiver.at("borrowed") == 3);
    CHECK(receiver.at("lost") == 2);
    CHECK(receiver.at("bytes") == 3 * sizeof(TestType));
    CHECK(shown.at("connections").at(0).at("queue_depth") == 1);
    held.clear();
    CHECK(port_of(world, subscriber.id()).at("counters").at("borrowed") == 0);
    CHECK(subscriber.missed() == 2);
}

// The broker gives the record of a connection that ended to the next that asks, while the subscriber still
// takes what its publisher left.
TEST_CASE("what is received of a publisher that is gone does not disturb who has its connection's record now",
          "[pubsub][counters]") {
    World world;
    auto other = node_at(world.broker.socket(), "other");
    const auto service_of = [](ipc::Node& node, const char* name) {
        return node.service_builder(name).publish_subscribe<std::uint64_t>().open_or_create().value();
    };
    auto subscriber = service_of(world.node, "left").subscriber_builder().create().value();
    {
        auto gone = service_of(other, "left").publisher_builder().create().value();
        for (std::uint64_t i = 1; i <= 2; ++i) send(gone, i, 1);
    }
    // Answered after the publisher was dropped: its connection is over.
    auto listening = service_of(other, "new").subscriber_builder().create().value();
    auto publisher = service_of(world.node, "new").publisher_builder().create().value();
    for (std::uint64_t i = 1; i <= 5; ++i) {
        send(publisher, i, 1);
        CHECK(next(listening).header().sequence_number() == i);
        if (i == 3) CHECK(*next(subscriber) == 1);
    }
    CHECK(listening.missed() == 0);
    CHECK(port_of(world, publisher.id()).at("counters").at("sent") == 5);
}
