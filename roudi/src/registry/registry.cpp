// SPDX-License-Identifier: Apache-2.0
#include "registry/registry.hpp"

namespace roudi {

Node& Registry::add_node(std::unique_ptr<Node> node) {
    node->serial = next_serial_++;
    if (node->id == wire::Uuid{}) node->id = wire::Uuid::random();
    nodes_by_id_.emplace(node->id, node.get());
    return *nodes_.emplace(node->serial, std::move(node)).first->second;
}

Node* Registry::find_node(wire::Uuid id) const {
    const auto found = nodes_by_id_.find(id);
    return found == nodes_by_id_.end() ? nullptr : found->second;
}

void Registry::rename_node(Node& node, wire::Uuid id) {
    nodes_by_id_.erase(node.id);
    node.id = id;
    nodes_by_id_.emplace(id, &node);
}

void Registry::remove_node(Node& node) {
    const auto services = node.services;
    for (const auto& [id, service] : services) {
        member(node, *service)->handles = 0;
        leave_if_done(node, *service);
    }
    nodes_by_id_.erase(node.id);
    nodes_.erase(node.serial);
}

Service& Registry::add_service(std::unique_ptr<Service> service) {
    service->id = next_serial_++;
    std::string name = service->name;
    return *services_.emplace(std::move(name), std::move(service)).first->second;
}

Service* Registry::find_service(std::string_view name) const {
    const auto found = services_.find(name);
    return found == services_.end() ? nullptr : found->second.get();
}

void Registry::open_service(Node& node, Service& service, std::uint64_t handles) {
    node.services.emplace(service.id, &service);
    Service::Member& opened = service.members[node.serial];
    opened.node = &node;
    opened.handles += handles;
}

void Registry::close_service(Node& node, Service& service) {
    --member(node, service)->handles;
    leave_if_done(node, service);
}

Service::Member* Registry::member(Node& node, Service& service) {
    const auto found = service.members.find(node.serial);
    return found == service.members.end() ? nullptr : &found->second;
}

void Registry::leave_if_done(Node& node, Service& service) {
    const auto found = service.members.find(node.serial);
    if (found->second.handles > 0 || found->second.ports > 0) return;
    service.members.erase(found);
    node.services.erase(service.id);
    if (service.members.empty()) services_.erase(services_.find(service.name));
}

Port& Registry::add_port(std::unique_ptr<Port> port) {
    port->serial = next_serial_++;
    if (port->id == wire::Uuid{}) port->id = wire::Uuid::random();
    Port& added = *ports_.emplace(port->serial, std::move(port)).first->second;
    ports_by_id_.emplace(added.id, &added);
    added.node->ports.emplace(added.serial, &added);
    added.service->ports_of(added.kind()).emplace(added.serial, &added);
    added.service->awaited_of(added.kind()).erase(added.id);
    ++member(*added.node, *added.service)->ports;
    return added;
}

Port* Registry::find_port(wire::Uuid id) const {
    const auto found = ports_by_id_.find(id);
    return found == ports_by_id_.end() ? nullptr : found->second;
}

void Registry::remove_port(Port& port) {
    Node& node = *port.node;
    Service& service = *port.service;
    node.ports.erase(port.serial);
    service.ports_of(port.kind()).erase(port.serial);
    ports_by_id_.erase(port.id);
    ports_.erase(port.serial);
    --member(node, service)->ports;
    leave_if_done(node, service);
}

Connection& Registry::add_connection(std::unique_ptr<Connection> connection) {
    connection->serial = next_serial_++;
    Connection& added = *connections_.emplace(connection->id, std::move(connection)).first->second;
    added.sender.port->connections.emplace(added.serial, &added);
    added.receiver.port->connections.emplace(added.serial, &added);
    return added;
}

Connection* Registry::find_connection(wire::Uuid id) const {
    const auto found = connections_.find(id);
    return found == connections_.end() ? nullptr : found->second.get();
}

void Registry::remove_connection(Connection& connection) {
    connection.sender.port->connections.erase(connection.serial);
    connection.receiver.port->connections.erase(connection.serial);
    connections_.erase(connection.id);
}

WaitingHalf& Registry::add_waiting(std::unique_ptr<WaitingHalf> half) {
    WaitingHalf& added =
        *waiting_.emplace(std::pair{half->recorded.connection, half->recorded.port}, std::move(half))
             .first->second;
    ++added.port->waiting_halves;
    if (find_port(added.recorded.peer_port) == nullptr)
        ++added.port->service->awaited_of(added.peer_kind)[added.recorded.peer_port];
    return added;
}

WaitingHalf* Registry::find_waiting_for(wire::Uuid connection, wire::Uuid port) const {
    for (auto at = waiting_.lower_bound({connection, {}});
         at != waiting_.end() && at->first.first == connection; ++at)
        if (at->first.second != port) return at->second.get();
    return nullptr;
}

WaitingHalf* Registry::find_waiting(wire::Uuid connection, wire::Uuid port) const {
    const auto found = waiting_.find({connection, port});
    return found == waiting_.end() ? nullptr : found->second.get();
}

std::unique_ptr<WaitingHalf> Registry::take_waiting(const WaitingHalf& half) {
    auto taken = std::move(waiting_.extract({half.recorded.connection, half.recorded.port}).mapped());
    --taken->port->waiting_halves;
    auto& awaited = taken->port->service->awaited_of(taken->peer_kind);
    if (const auto found = awaited.find(taken->recorded.peer_port); found != awaited.end())
        if (--found->second == 0) awaited.erase(found);
    return taken;
}

std::vector<WaitingHalf*> Registry::waiting_with(wire::Uuid node) const {
    std::vector<WaitingHalf*> found;
    for (const auto& [key, half] : waiting_)
        if (half->port->node->id == node || half->recorded.peer_node == node) found.push_back(half.get());
    return found;
}

}  // namespace roudi
