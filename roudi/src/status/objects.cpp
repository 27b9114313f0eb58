// SPDX-License-Identifier: Apache-2.0
#include "status/objects.hpp"

#include "layout/counters.hpp"
#include "registry/counters_reader.hpp"
#include "rules/port_limits.hpp"
#include "status/hung.hpp"
#include "status/port_counters.hpp"
#include "wire/enum_names.hpp"
#include "wire/json_writer.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <variant>

namespace roudi {

namespace layout = ipc::layout;
using nlohmann::json;

namespace {

// What one object may list; the rest is counted. A frame has to hold the object whole, and names may be made
// of characters that JSON writes with six bytes each.
constexpr std::size_t most_entries = 500;
constexpr std::size_t most_connections = 1000;  // of all the ports that an object lists, together

// A service's or a port's, whatever its pattern.
template <class Settings>
json settings_object(Settings settings) {
    return std::visit([](auto& alternative) { return wire::JsonWriter::convert(alternative); }, settings);
}

json type_object(wire::TypeDetail type) {
    return wire::JsonWriter::convert(type);
}

template <class Counter>
std::uint64_t read_half(const Connection::Half& half, Counter counter) {
    return read_counter(*half.port->node, half.record.number(), static_cast<std::uint64_t>(counter));
}

// Both numbers are claims of two processes, read one after the other: the difference can be nonsense.
std::uint64_t queue_depth(const Connection& connection, std::uint64_t most) {
    const std::uint64_t position = read_half(connection.receiver, layout::ReceivingHalfCounter::position);
    const std::uint64_t written = read_half(connection.sender, layout::SendingHalfCounter::written);
    return written < position ? 0 : std::min(written - position, most);
}

// How much may wait in a connection: of events, whatever happened.
std::optional<std::uint64_t> room_in(const wire::DeliveryConnection& ring) {
    return ring.buffer_size;
}
std::optional<std::uint64_t> room_in(const wire::EventConnection&) {
    return std::nullopt;
}
std::optional<std::uint64_t> room_in(const wire::RequestConnection& requests) {
    return requests.active_requests;
}

json connection_object(const Connection& connection, const Port& port) {
    const Port& peer = *connection.other(port).port;
    json object{{"id", connection.id.text()},
                {"peer_port", peer.id.text()},
                {"peer_pid", peer.node->identity.pid},
                {"peer_node_name", peer.node->hello.node_name}};
    const auto room = std::visit([](const auto& settings) { return room_in(settings); }, connection.settings);
    if (room) object["buffer_size"] = *room;
    object["queue_depth"] = queue_depth(connection, room.value_or(std::numeric_limits<std::uint64_t>::max()));
    return object;
}

json port_object(Port& port, std::size_t connections) {
    json object{{"id", port.id.text()},
                {"kind", wire::name_of(port.kind())},
                {"name", port.name},
                {"service", port.service->name},
                {"node", port.node->id.text()},
                {"node_name", port.node->hello.node_name},
                {"pid", port.node->identity.pid},
                {"settings", settings_object(port.settings)},
                {"counters", counters_object(port)},
                {"connections", json::array()}};
    if (port.data_size != 0) object["data_size"] = port.data_size;
    for (const auto& [number, segment] : port.further)  // at most layout::max_further_segments
        object["further_segments"].push_back({{"number", number}, {"size", segment.details.size}});
    for (const auto& [serial, connection] : port.connections) {
        if (object["connections"].size() == connections) {
            object["connections_omitted"] = port.connections.size() - connections;
            break;
        }
        object["connections"].push_back(connection_object(*connection, port));
    }
    return object;
}

// The types that a service carries.
void add_types(json& object, const wire::PublishSubscribeSettings& settings) {
    object["payload"] = type_object(settings.payload);
}
void add_types(json&, const wire::EventSettings&) {}
void add_types(json& object, const wire::RequestResponseSettings& settings) {
    object["request"] = type_object(settings.request);
    object["response"] = type_object(settings.response);
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
    json object{{"name", service.name},
                {"pattern", wire::key_of(service.settings)},
                {"hash", service.hash},
                {"nodes", service.members.size()}};
    std::visit([&](const auto& settings) { add_types(object, settings); }, service.settings);
    for (const PortLimit& limit : port_limits())
        if (limit.of(service.settings)) object[limit.ports] = service.ports_of(limit.kind).size();
    return object;
}

json service_details(Service& service) {
    json object = service_object(service);
    object["settings"] = settings_object(service.settings);
    if (std::holds_alternative<wire::PublishSubscribeSettings>(service.settings))
        object["kept_histories"] = service.kept.size();
    object["attributes"] = json::array();
    for (const wire::Attribute& attribute : service.attributes)
        object["attributes"].push_back({{"key", attribute.key}, {"value", attribute.value}});
    if (object["settings"].contains("user_header")) object["user_header"] = object["settings"]["user_header"];
    if (std::holds_alternative<wire::RequestResponseSettings>(service.settings))
        object["active_requests"] = active_requests(service);
    object["creator"] = {{"pid", service.creator.identity.pid},
                         {"uid", service.creator.identity.uid},
                         {"node", service.creator.node_name}};
    add_list(object, "nodes", service.members, [](const Service::Member& member) {
        return json{{"id", member.node->id.text()},
                    {"name", member.node->hello.node_name},
                    {"pid", member.node->identity.pid}};
    });
    std::map<std::uint64_t, Port*> ports;
    for (const auto& of_kind : service.ports) ports.insert(of_kind.begin(), of_kind.end());
    add_ports(object, "ports", ports);
    return object;
}

json node_object(const Node& node, UserNames& users, std::chrono::milliseconds hung_after) {
    json object{
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
    const auto idle = takes_up_nothing_for(node);
    object["hung"] = idle >= hung_after;
    if (idle >= hung_after)
        object["hung_for_s"] = std::chrono::duration_cast<std::chrono::seconds>(idle).count();
    return object;
}

json node_details(Node& node, UserNames& users, std::chrono::milliseconds hung_after,
                  const std::function<bool(const Service&)>& is_seen) {
    json object = node_object(node, users, hung_after);
    auto services = node.services;
    std::erase_if(services, [&](const auto& entry) { return !is_seen(*entry.second); });
    auto ports = node.ports;
    std::erase_if(ports, [&](const auto& entry) { return !is_seen(*entry.second->service); });
    add_list(object, "open_services", services, [](const Service* service) { return service->name; });
    add_ports(object, "port_list", ports);
    return object;
}

json usage_object(const Usage& usage) {
    json object = json::object();
    for (std::size_t i = 0; i < resource_names.size(); ++i)
        object[std::string{resource_names[i]}] = usage[static_cast<Resource>(i)];
    return object;
}

}  // namespace roudi
