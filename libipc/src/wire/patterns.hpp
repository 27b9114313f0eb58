// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wire/event.hpp"
#include "wire/publish_subscribe.hpp"
#include "wire/request_response.hpp"

#include <cstdint>
#include <string_view>
#include <variant>

// What a service, a port and a connection are is one of as many things as there are messaging patterns. An
// alternative travels as a member that bears its key.
namespace ipc::wire {

using ServiceSettings = std::variant<PublishSubscribeSettings, EventSettings, RequestResponseSettings>;
using ServiceRequest = std::variant<PublishSubscribeRequest, EventRequest, RequestResponseRequest>;
using PortSettings = std::variant<PublisherSettings, SubscriberSettings, NotifierSettings, ListenerSettings,
                                  ClientSettings, ServerSettings>;
using ConnectionSettings = std::variant<DeliveryConnection, EventConnection, RequestConnection>;

template <class... Alternatives>
std::string_view key_of(const std::variant<Alternatives...>& value) {
    return std::visit([](const auto& alternative) { return alternative.key; }, value);
}
// The pattern's name for people.
inline std::string_view words_for(const ServiceSettings& settings) {
    return std::visit([](const auto& alternative) { return alternative.words; }, settings);
}
inline std::uint64_t max_nodes_of(const ServiceSettings& settings) {
    return std::visit([](const auto& alternative) { return alternative.max_nodes; }, settings);
}
inline PortKind kind_of(const PortSettings& settings) {
    return std::visit([](const auto& alternative) { return alternative.kind; }, settings);
}
// Whether a service of this pattern has ports of that kind.
inline bool has_ports_like(const ServiceSettings& service, const PortSettings& port) {
    return std::visit(
        [&]<class Port>(const Port&) { return std::holds_alternative<typename Port::Service>(service); },
        port);
}

}  // namespace ipc::wire
