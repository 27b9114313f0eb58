// SPDX-License-Identifier: Apache-2.0
#include "status_objects.hpp"

#include "service/static_configs.hpp"
#include "wire/uuid.hpp"

#include <optional>
#include <string_view>

namespace ipc::detail {

using nlohmann::json;

namespace {

template <class Id>
Id id(const json& object, const char* name) {
    const auto uuid = wire::Uuid::parse(text(object, name)).value_or(wire::Uuid{});
    return Id{uuid.high, uuid.low};
}

// The list of users is a number in a list of services and a list in a service's details.
std::uint64_t count(const json& value) {
    return value.is_array() ? value.size() : value.get<std::uint64_t>();
}

constexpr std::string_view publish_subscribe = "publish_subscribe";
constexpr std::string_view event = "event";
constexpr std::string_view request_response = "request_response";

// What belongs to another pattern, or to one that this library does not know, is left as it is.
ServiceSummary summary(const json& object) {
    ServiceSummary summary{.name = text(object, "name"),
                           .hash = text(object, "hash"),
                           .pattern = text(object, "pattern"),
                           .nodes = count(object.at("nodes"))};
    if (summary.pattern == publish_subscribe) {
        summary.payload = type(object.at("payload"));
        summary.publishers = number(object, "publishers");
        summary.subscribers = number(object, "subscribers");
    } else if (summary.pattern == event) {
        summary.notifiers = number(object, "notifiers");
        summary.listeners = number(object, "listeners");
    } else if (summary.pattern == request_response) {
        summary.request = type(object.at("request"));
        summary.response = type(object.at("response"));
        summary.clients = number(object, "clients");
        summary.servers = number(object, "servers");
    }
    return summary;
}

std::vector<ServiceNode> nodes_of(const json& service) {
    std::vector<ServiceNode> nodes;
    for (const json& node : service.at("nodes"))
        nodes.push_back(
            {.id = id<UniqueNodeId>(node, "id"), .name = text(node, "name"), .pid = number(node, "pid")});
    return nodes;
}

std::vector<ServicePort> ports_of(const json& service, std::string_view kind) {
    std::vector<ServicePort> ports;
    for (const json& port : service.at("ports"))
        if (text(port, "kind") == kind)
            ports.push_back({.id = id<UniquePortId>(port, "id"),
                             .name = text(port, "name"),
                             .node = id<UniqueNodeId>(port, "node"),
                             .pid = number(port, "pid")});
    return ports;
}

AttributeSet attributes_of(const json& service) {
    AttributeSet attributes;
    for (const json& attribute : service.at("attributes"))
        attributes.insert({.key = text(attribute, "key"), .value = text(attribute, "value")});
    return attributes;
}

// Nothing where the service is of a pattern that this library does not know.
std::optional<ServiceDetails> details(const json& service) {
    ServiceDetails details{.summary = summary(service), .attributes = attributes_of(service)};
    const json& settings = service.at("settings");
    if (details.summary.pattern == publish_subscribe) {
        details.static_config = publish_subscribe_config(settings);
        details.dynamic_config = PublishSubscribeDynamicConfig{.publishers = ports_of(service, "publisher"),
                                                               .subscribers = ports_of(service, "subscriber"),
                                                               .nodes = nodes_of(service)};
    } else if (details.summary.pattern == event) {
        details.static_config = event_config(settings);
        details.dynamic_config = EventDynamicConfig{.notifiers = ports_of(service, "notifier"),
                                                    .listeners = ports_of(service, "listener"),
                                                    .nodes = nodes_of(service)};
    } else if (details.summary.pattern == request_response) {
        details.static_config = request_response_config(settings);
        details.dynamic_config = RequestResponseDynamicConfig{.clients = ports_of(service, "client"),
                                                              .servers = ports_of(service, "server"),
                                                              .nodes = nodes_of(service)};
    } else {
        return std::nullopt;
    }
    return details;
}

NodeDetails node(const json& object) {
    return {.id = id<UniqueNodeId>(object, "id"),
            .name = text(object, "name"),
            .pid = number(object, "pid"),
            .uid = number(object, "uid"),
            .library_version = text(object, "library_version"),
            .services = number(object, "services"),
            .ports = number(object, "ports")};
}

template <class Read>
auto read(const std::string& answer, Read from) -> tl::expected<decltype(from(json{})), std::string> {
    try {
        return from(json::parse(answer));
    } catch (const json::exception& failure) {
        return tl::unexpected{std::string{"the broker's answer is not what this library expects ("} +
                              failure.what() + "); broker and library may be of different versions"};
    }
}

}  // namespace

tl::expected<std::vector<ServiceSummary>, std::string> service_summaries(const std::string& services) {
    return read(services, [](const json& answer) {
        std::vector<ServiceSummary> list;
        for (const json& object : answer.at("services")) list.push_back(summary(object));
        return list;
    });
}

tl::expected<ServiceDetails, std::string> service_details(const std::string& service) {
    auto known = read(service, [](const json& answer) { return details(answer.at("services").at(0)); });
    if (!known) return tl::unexpected{std::move(known.error())};
    if (!*known)
        return tl::unexpected{
            std::string{"the service is of a messaging pattern that this library does not "
                        "know; the broker is of a later version"}};
    return std::move(**known);
}

tl::expected<std::vector<NodeDetails>, std::string> node_details(const std::string& nodes) {
    return read(nodes, [](const json& answer) {
        std::vector<NodeDetails> list;
        for (const json& object : answer.at("nodes")) list.push_back(node(object));
        return list;
    });
}

}  // namespace ipc::detail
