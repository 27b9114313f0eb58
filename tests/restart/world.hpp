// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "broker/raw_client.hpp"
#include "harness/actor.hpp"
#include "harness/world.hpp"

#include <ipc/ipc.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>

// Nodes whose broker dies and comes back. What it has again, status tells.
namespace restart {

using namespace std::chrono_literals;
using harness::eventually;
using harness::node_at;
using harness::patience;
using harness::World;

using Number = std::uint64_t;

inline nlohmann::json status(const harness::BrokerProcess& broker) {
    RawClient observer{broker.socket()};
    observer.hello("observer", true);
    return observer.query("status");
}

// Driven by who uses it. A counterpart that is not driven just now is not waited for.
inline ipc::Node driven_node_at(const std::string& socket, const std::string& name) {
    auto config = harness::config_for(socket);
    config.creation_bound = 1ms;
    return harness::node_with(config, name, false);
}

// Of nodes that came back since the broker was started.
inline bool are_back(const harness::BrokerProcess& broker, std::uint64_t nodes) {
    return eventually([&] { return status(broker)["readopted"]["nodes"] == nodes; });
}

inline void restart(harness::BrokerProcess& broker) {
    broker.kill();
    broker.start_again();
}

// Samples that are waited for, so that none is ever evicted: whatever is missing was lost.
inline auto numbers(const ipc::Node& node, const std::string& name = "numbers") {
    return node.service_builder(name)
        .publish_subscribe<Number>()
        .enable_safe_overflow(false)
        .subscriber_max_buffer_size(64)
        .max_publishers(2)
        .max_subscribers(4)
        .open_or_create()
        .value();
}

inline auto signals(const ipc::Node& node, const std::string& name = "signals") {
    return node.service_builder(name)
        .event()
        .event_id_max_value(100)
        .notifier_dead_event(ipc::EventId{99})
        .max_notifiers(2)
        .open_or_create()
        .value();
}

inline auto sums(const ipc::Node& node) {
    return node.service_builder("sums").request_response<Number, Number>().open_or_create().value();
}

template <class Subscriber>
Number next(Subscriber& subscriber) {
    auto sample = subscriber.receive(patience).value();
    if (!sample) throw ipc::Failure{"nothing came"};
    return **sample;
}

}  // namespace restart
