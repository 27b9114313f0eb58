// SPDX-License-Identifier: Apache-2.0
#include "status_objects.hpp"

#include "wire/uuid.hpp"

#include <nlohmann/json.hpp>

namespace ipc::detail {

using nlohmann::json;

namespace {

std::uint64_t number(const json& object, const char* name) {
    return object.at(name).get<std::uint64_t>();
}

std::string text(const json& object, const char* name) {
    return object.at(name).get<std::string>();
}

template <class Id>
Id id(const json& object, const char* name) {
    const auto uuid = wire::Uuid::parse(text(object, name)).value_or(wire::Uuid{});
    return Id{uuid.high, uuid.low};
}

TypeDetail type(const json& object) {
    if (object.is_null()) return {};
    return {
        .name = text(object, "name"),
        .size = number(object, "size"),
        .alignment = number(object, "alignment"),
        .variant = text(object, "variant") == "fixed_size" ? TypeVariant::FixedSize : TypeVariant::Dynamic};
}

// The list of users is a number in a list of services and a list in a service's details.
std::uint64_t count(const json& value) {
    return value.is_array() ? value.size() : value.get<std::uint64_t>();
}

ServiceSummary summary(const json& object) {
    return {.name = text(object, "name"),
            .hash = text(object, "hash"),
            .pattern = text(object, "pattern"),
            .payload = type(object.at("payload")),
            .publishers = number(object, "publishers"),
            .subscribers = number(object, "subscribers"),
            .nodes = count(object.at("nodes"))};
}

PublishSubscribeStaticConfig static_config(const json& settings) {
    return {.payload = type(settings.at("payload")),
            .user_header = type(settings.at("user_header")),
            .enable_safe_overflow = settings.at("safe_overflow").get<bool>(),
            .enable_timestamps = settings.at("timestamps").get<bool>(),
            .history_size = number(settings, "history_size"),
            .subscriber_max_buffer_size = number(settings, "subscriber_max_buffer_size"),
            .subscriber_max_borrowed_samples = number(settings, "subscriber_max_borrowed_samples"),
            .max_publishers = number(settings, "max_publishers"),
            .max_subscribers = number(settings, "max_subscribers"),
            .max_nodes = number(settings, "max_nodes"),
            .payload_alignment = number(settings, "payload_alignment")};
}

PublishSubscribeDynamicConfig dynamic_config(const json& service) {
    PublishSubscribeDynamicConfig config;
    for (const json& node : service.at("nodes"))
        config.nodes.push_back(
            {.id = id<UniqueNodeId>(node, "id"), .name = text(node, "name"), .pid = number(node, "pid")});
    for (const json& port : service.at("ports")) {
        auto& ports = text(port, "kind") == "publisher" ? config.publishers : config.subscribers;
        ports.push_back({.id = id<UniquePortId>(port, "id"),
                         .name = text(port, "name"),
                         .node = id<UniqueNodeId>(port, "node"),
                         .pid = number(port, "pid")});
    }
    return config;
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
    return read(service, [](const json& answer) {
        const json& object = answer.at("services").at(0);
        return ServiceDetails{.summary = summary(object),
                              .static_config = static_config(object.at("settings")),
                              .dynamic_config = dynamic_config(object)};
    });
}

tl::expected<std::vector<NodeDetails>, std::string> node_details(const std::string& nodes) {
    return read(nodes, [](const json& answer) {
        std::vector<NodeDetails> list;
        for (const json& object : answer.at("nodes")) list.push_back(node(object));
        return list;
    });
}

}  // namespace ipc::detail
