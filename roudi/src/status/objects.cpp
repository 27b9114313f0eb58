// SPDX-License-Identifier: Apache-2.0
#include "status/objects.hpp"

#include "layout/counters.hpp"
#include "status/counters_reader.hpp"
#include "wire/enum_names.hpp"
#include "wire/json_writer.hpp"

#include <algorithm>
#include <span>
#include <string_view>

namespace roudi {

using nlohmann::json;

namespace {

// What one object may list; the rest is counted. A frame has to hold the object whole, and names may be made
// of characters that JSON writes with six bytes each.
constexpr std::size_t most_entries = 500;
constexpr std::size_t most_connections = 1000;  // of all the ports that an object lists, together

json type_object(wire::TypeDetail type) {
    return type.name.empty() ? json(nullptr) : wire::JsonWriter::convert(type);
}

json settings_object(wire::PublishSubscribeSettings settings) {
    json object = wire::JsonWriter::convert(settings);
    object["user_header"] = type_object(settings.user_header);
    return object;
}

std::span<const std::string_view> counter_names(wire::PortKind kind) {
    if (kind == wire::PortKind::Publisher) return ipc::layout::publisher_counters;
    return ipc::layout::subscriber_counters;
}

json counters_object(const Port& port) {
    json object = json::object();
    std::uint64_t word = 0;
    for (const std::string_view name : counter_names(port.kind))
        object[std::string{name}] = read_counter(*port.node, port.record.number(), word++);
    return object;
}

// Both numbers are claims of two processes, read one after the other: the difference can be nonsense.
std::uint64_t queue_depth(const Connection& connection) {
    const std::uint64_t position =
        read_counter(*connection.receiver.port->node, connection.receiver.record.number(), 0);
    const std::uint64_t written =
        read_counter(*connection.sender.port->node, connection.sender.record.number(), 0);
    return written < position ? 0 : std::min(written - position, connection.receiver.port->buffer_size);
}

json connection_object(const Connection& connection, const Port& port) {
    const Port& peer = *connection.other(port).port;
    return {{"id", connection.id.text()},
            {"peer_port", peer.id.text()},
            {"peer_pid", peer.node->identity.pid},
            {"peer_node_name", peer.node->hello.node_name},
            {"buffer_size", connection.receiver.port->buffer_size},
            {"queue_depth", queue_depth(connection)}};
}

json port_settings(const Port& port) {
    if (port.kind == wire::PortKind::Publisher)
        return {{"max_loaned_samples", port.publisher.max_loaned_samples},
                {"backpressure", wire::name_of(port.publisher.backpressure)}};
    return {{"buffer_size", port.buffer_size}, {"history_request", port.history_request}};
}

json port_object(Port& port, std::size_t connections) {
    json object{{"id", port.id.text()},
                {"kind", wire::name_of(port.kind)},
                {"name", port.name},
                {"service", port.service->name},
                {"node", port.node->id.text()},
                {"node_name", port.node->hello.node_name},
                {"pid", port.node->identity.pid},
                {"settings", port_settings(port)},
                {"counters", counters_object(port)},
                {"connections", json::array()}};
    if (port.kind == wire::PortKind::Publisher) object["data_size"] = port.data_size;
    for (const auto& [serial, connection] : port.connections) {
        if (object["connections"].size() == connections) {
            object["connections_omitted"] = port.connections.size() - connections;
            break;
        }
        object["connections"].push_back(connection_object(*connection, port));
    }
    return object;
}

// Fills object[name], and counts what found no room in object[name + "_omitted"].
template <class List, class Describe>
void add_list(json& object, const std::string& name, const List& entries, const Describe& describe) {
    json& list = object[name] = json::array();
    for (const auto& [serial, entry] : entries) {
        if (list.size() == most_entries) break;
        list.push_back(describe(entry));
    }
    if (entries.size() > most_entries) object[name + "_omitted"] = entries.size() - most_entries;
}

void add_ports(json& object, const char* name, const std::map<std::uint64_t, Port*>& ports) {
    std::size_t connections_left = most_connections;
    add_list(object, name, ports, [&](Port* port) {
        json described = port_object(*port, connections_left);
        connections_left -= described["connections"].size();
        return described;
    });
}

}  // namespace

json port_object(Port& port) {
    return port_object(port, most_connections);
}

json service_object(const Service& service) {
    return {{"name", service.name},
            {"pattern", "publish_subscribe"},
            {"hash", service.hash},
            {"payload", type_object(service.settings.payload)},
            {"publishers", service.publishers.size()},
            {"subscribers", service.subscribers.size()},
            {"nodes", service.members.size()}};
}

json service_details(Service& service) {
    json object = service_object(service);
    object["user_header"] = type_object(service.settings.user_header);
    object["settings"] = settings_object(service.settings);
    object["creator"] = {{"pid", service.creator.identity.pid},
                         {"uid", service.creator.identity.uid},
                         {"node", service.creator.node_name}};
    add_list(object, "nodes", service.members, [](const Service::Member& member) {
        return json{{"id", member.node->id.text()},
                    {"name", member.node->hello.node_name},
                    {"pid", member.node->identity.pid}};
    });
    auto ports = service.publishers;
    ports.insert(service.subscribers.begin(), service.subscribers.end());
    add_ports(object, "ports", ports);
    return object;
}

json node_object(const Node& node, UserNames& users) {
    return {
        {"id", node.id.text()},
        {"name", node.hello.node_name},
        {"pid", node.identity.pid},
        {"uid", node.identity.uid},
        {"user", users.of(node.identity.uid)},
        {"library_version", node.hello.library_version},
        {"services", node.services.size()},
        {"ports", node.ports.size()},
        {"membarrier",
         {{"registered", node.hello.membarrier_registered}, {"available", node.hello.membarrier_available}}}};
}

json node_details(Node& node, UserNames& users) {
    json object = node_object(node, users);
    add_list(object, "open_services", node.services, [](const Service* service) { return service->name; });
    add_ports(object, "port_list", node.ports);
    return object;
}

json usage_object(const Usage& usage) {
    json object = json::object();
    for (std::size_t i = 0; i < resource_names.size(); ++i)
        object[std::string{resource_names[i]}] = usage[static_cast<Resource>(i)];
    return object;
}

}  // namespace roudi
