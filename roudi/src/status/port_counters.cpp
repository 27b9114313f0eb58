// SPDX-License-Identifier: Apache-2.0
#include "status/port_counters.hpp"

#include "layout/counters.hpp"
#include "registry/counters_reader.hpp"

#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace roudi {

namespace layout = ipc::layout;
using nlohmann::json;

namespace {

std::span<const std::string_view> counter_names(wire::PortKind kind) {
    switch (kind) {
        case wire::PortKind::Publisher:
            return layout::publisher_counters;
        case wire::PortKind::Subscriber:
            return layout::subscriber_counters;
        case wire::PortKind::Notifier:
            return layout::notifier_counters;
        case wire::PortKind::Listener:
            return layout::listener_counters;
        case wire::PortKind::Client:
            return layout::client_counters;
        case wire::PortKind::Server:
            break;
    }
    return layout::server_counters;
}

std::uint64_t number(const json& counters, const char* name) {
    return counters.at(name).get<std::uint64_t>();
}

// Two words, read one after the other: what was returned in between was received before.
std::uint64_t still_held(const json& counters) {
    const std::uint64_t received = number(counters, "received");
    const std::uint64_t returned = number(counters, "returned");
    return received < returned ? 0 : received - returned;
}

// What follows from what a port counts: it counts no more than it must, for each counter costs every sample.
void add_derived(json& counters, const wire::PublishSubscribeSettings& settings, wire::PortKind kind) {
    const bool sends = kind == wire::PortKind::Publisher;
    counters["bytes"] = number(counters, sends ? "sent" : "received") * settings.payload.size;
    if (!sends) counters["borrowed"] = still_held(counters);
}

void add_derived(json&, const wire::EventSettings&, wire::PortKind) {}

void add_derived(json& counters, const wire::RequestResponseSettings& settings, wire::PortKind kind) {
    const bool asks = kind == wire::PortKind::Client;
    const auto& sent = asks ? settings.request : settings.response;
    const auto& received = asks ? settings.response : settings.request;
    counters["bytes"] = number(counters, "sent") * sent.size + number(counters, "received") * received.size;
    if (!asks) counters["active"] = still_held(counters);
}

}  // namespace

json counters_object(const Port& port) {
    json object = json::object();
    std::uint64_t word = 0;
    for (const std::string_view name : counter_names(port.kind()))
        object[std::string{name}] = read_counter(*port.node, port.record.number(), word++);
    std::visit([&](const auto& settings) { add_derived(object, settings, port.kind()); },
               port.service->settings);
    return object;
}

std::uint64_t active_requests(const Service& service) {
    std::uint64_t active = 0;
    for (const auto& [serial, client] : service.ports_of(wire::PortKind::Client))
        active += read_counter(*client->node, client->record.number(),
                               static_cast<std::uint64_t>(layout::ClientCounter::active));
    return active;
}

}  // namespace roudi
