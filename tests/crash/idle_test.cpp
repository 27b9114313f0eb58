// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "crash/checked.hpp"
#include "crash/traces.hpp"
#include "harness/world.hpp"

#include <ipc/ipc.hpp>

using namespace crash;

TEST_CASE("of all that come and go, nothing stays with ports that do nothing meanwhile", "[steps]") {
    harness::BrokerProcess broker;
    const auto node = harness::node_at(broker.socket(), "idle");
    const auto samples = node.service_builder("samples").publish_subscribe<Large>().open_or_create().value();
    const auto events = node.service_builder("events").event().open_or_create().value();
    const auto calls =
        node.service_builder("calls").request_response<Large, Large>().open_or_create().value();
    auto publisher = samples.publisher_builder().create().value();
    auto notifier = events.notifier_builder().create().value();
    auto client = calls.client_builder().create().value();
    Traces traces{broker};
    traces.remember();
    for (int i = 0; i < 20; ++i) {
        (void)samples.subscriber_builder().create().value();
        (void)events.listener_builder().create().value();
        (void)calls.server_builder().create().value();
    }
    traces.expect_none([] {});

    // A server that waits for requests is idle too.
    auto server = calls.server_builder().create().value();
    (void)client.update_connections().value();
    traces.remember();
    for (int i = 0; i < 20; ++i) {
        auto another = calls.client_builder().create().value();
        CHECK_FALSE(server.receive().value().has_value());
    }
    traces.expect_none([&] { CHECK_FALSE(server.receive().value().has_value()); });
}
