// SPDX-License-Identifier: Apache-2.0
// What the broker shows of ports is what they counted.
#include "catch.hpp"
#include "event/world.hpp"

#include <nlohmann/json.hpp>

using namespace event;

namespace {

nlohmann::json port_of(const World& world, const ipc::UniquePortId& id) {
    auto introspection = ipc::Introspection::open(harness::config_for(world.broker.socket())).value();
    const auto answer = nlohmann::json::parse(introspection.ask("ports", "").value());
    for (const auto& port : answer.at("ports"))
        if (port.at("id") == id.text()) return port;
    throw ipc::Failure{"the broker does not know the port"};
}

}  // namespace

TEST_CASE("the broker shows what notifiers and listeners counted", "[event][counters]") {
    World world;
    const auto service =
        world.node.service_builder("E").event().notifier_created_event(EventId{9}).create().value();
    auto first = service.listener_builder().create().value();
    auto second = service.listener_builder().create().value();
    auto notifier = service.notifier_builder().create().value();
    for (int i = 0; i < 5; ++i) notifier.notify(EventId{1}).value();
    notifier.notify_listener(first.id(), EventId{2}).value();
    CHECK(heard(first) == Tally{{1, 5}, {2, 1}, {9, 1}});

    const auto sender = port_of(world, notifier.id());
    CHECK(sender.at("counters") ==
          nlohmann::json{{"notified", 6}, {"delivered", 11}, {"woken", 0}, {"late", 0}});
    for (const auto& connection : sender.at("connections"))
        CHECK(connection.at("queue_depth") == (connection.at("peer_port") == first.id().text() ? 0 : 5));
    CHECK(port_of(world, first.id()).at("counters") ==
          nlohmann::json{{"received", 7}, {"special", 1}, {"cut", 0}});
    CHECK(port_of(world, second.id()).at("counters") ==
          nlohmann::json{{"received", 0}, {"special", 1}, {"cut", 0}});
}

TEST_CASE("the broker shows who was late and who had to be woken", "[event][counters]") {
    World world;
    const auto service = world.node.service_builder("E").event().deadline(1ns).create().value();
    auto listener = service.listener_builder().create().value();
    auto notifier = service.notifier_builder().create().value();
    // Armed, and asleep as far as the notifier can tell.
    (void)listener.file_descriptor().value();
    CHECK(heard(listener).empty());
    (void)notifier.notify();
    (void)notifier.notify();
    CHECK(port_of(world, notifier.id()).at("counters") ==
          nlohmann::json{{"notified", 2}, {"delivered", 2}, {"woken", 1}, {"late", 2}});
}
