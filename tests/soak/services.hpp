// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "crash/checked.hpp"
#include "harness/world.hpp"

#include <ipc/ipc.hpp>

#include <cstdint>
#include <string>

// What all of them take part in. There is room for twice as many as there are, for the dead count until they
// are missed.
namespace soak {

using crash::Author;
using crash::Large;
using crash::Small;

inline constexpr std::uint64_t places = 40;
inline constexpr int room = 16;  // for samples that are kept

inline constexpr ipc::EventId of_survivor{1};
inline constexpr ipc::EventId of_mortal{2};
inline constexpr ipc::EventId of_death{3};

// With the bounds that applications have.
inline ipc::Node node_of(const std::string& socket, const std::string& name, bool threaded) {
    ipc::Config config;
    config.socket = socket;
    config.autostart = false;
    return harness::node_with(config, name, threaded);
}

// Who sends waits for room: nothing may be missing.
inline auto kept(const ipc::Node& node) {
    return node.service_builder("kept")
        .publish_subscribe<Large>()
        .enable_safe_overflow(false)
        .subscriber_max_buffer_size(room)
        .max_publishers(places)
        .max_subscribers(places)
        .max_nodes(2 * places)
        .open_or_create()
        .value();
}

inline auto latest(const ipc::Node& node) {
    return node.service_builder("latest")
        .publish_subscribe<Small>()
        .subscriber_max_buffer_size(4)
        .history_size(3)
        .max_publishers(places)
        .max_subscribers(places)
        .max_nodes(2 * places)
        .open_or_create()
        .value();
}

inline auto requests(const ipc::Node& node) {
    return node.service_builder("requests")
        .request_response<Large, Large>()
        .max_active_requests_per_client(2)
        .max_response_buffer_size(4)
        .max_clients(places)
        .max_servers(places)
        .max_nodes(2 * places)
        .open_or_create()
        .value();
}

inline auto events(const ipc::Node& node) {
    return node.service_builder("events")
        .event()
        .event_id_max_value(of_death.value())
        .notifier_dead_event(of_death)
        .max_notifiers(places)
        .max_listeners(places)
        .max_nodes(2 * places)
        .open_or_create()
        .value();
}

}  // namespace soak
