// SPDX-License-Identifier: Apache-2.0
#include "rules/port_limits.hpp"

#include "registry/entities.hpp"
#include "rules/description.hpp"

#include <array>
#include <string>

namespace roudi {

namespace {

template <class Settings, std::uint64_t Settings::*Limit>
std::optional<std::uint64_t> limit_of(const wire::ServiceSettings& settings) {
    const auto* of_pattern = std::get_if<Settings>(&settings);
    if (of_pattern == nullptr) return std::nullopt;
    return of_pattern->*Limit;
}

using PublishSubscribe = wire::PublishSubscribeSettings;
using Event = wire::EventSettings;
using RequestResponse = wire::RequestResponseSettings;

constexpr std::array<PortLimit, wire::port_kinds> limits{
    PortLimit{wire::PortKind::Publisher, "publishers", "max_publishers",
              wire::Refusal::ExceedsMaxSupportedPublishers,
              limit_of<PublishSubscribe, &PublishSubscribe::max_publishers>},
    PortLimit{wire::PortKind::Subscriber, "subscribers", "max_subscribers",
              wire::Refusal::ExceedsMaxSupportedSubscribers,
              limit_of<PublishSubscribe, &PublishSubscribe::max_subscribers>},
    PortLimit{wire::PortKind::Notifier, "notifiers", "max_notifiers",
              wire::Refusal::ExceedsMaxSupportedNotifiers, limit_of<Event, &Event::max_notifiers>},
    PortLimit{wire::PortKind::Listener, "listeners", "max_listeners",
              wire::Refusal::ExceedsMaxSupportedListeners, limit_of<Event, &Event::max_listeners>},
    PortLimit{wire::PortKind::Client, "clients", "max_clients", wire::Refusal::ExceedsMaxSupportedClients,
              limit_of<RequestResponse, &RequestResponse::max_clients>},
    PortLimit{wire::PortKind::Server, "servers", "max_servers", wire::Refusal::ExceedsMaxSupportedServers,
              limit_of<RequestResponse, &RequestResponse::max_servers>},
};

}  // namespace

std::span<const PortLimit, wire::port_kinds> port_limits() {
    return limits;
}

Granted<void> check_room(const Service& service, wire::PortKind kind, wire::Uuid awaited) {
    const PortLimit& limit = limits[static_cast<std::size_t>(kind)];
    const auto& absent = service.awaited_of(kind);
    const std::size_t has = service.ports_of(kind).size() + absent.size() - absent.count(awaited);
    const std::uint64_t most = limit.of(service.settings).value_or(0);
    if (has < most) return {};
    return reject(limit.exceeded, describe(service) + " has " + std::to_string(has) + " " + limit.ports +
                                      (absent.empty() ? "" : ", some of which have yet to come back") +
                                      ", and its " + limit.setting + " is " + std::to_string(most));
}

}  // namespace roudi
