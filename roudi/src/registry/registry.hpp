// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "registry/entities.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace roudi {

// The broker's picture of its world. Pure data: it keeps the links between nodes, services, ports and
// connections right, and decides and sends nothing.
class Registry {
 public:
    // Each gets an id where it has none yet.
    Node& add_node(std::unique_ptr<Node> node);
    Node* find_node(wire::Uuid id) const;
    // It is one that was there before.
    void rename_node(Node& node, wire::Uuid id);
    // Its ports are gone already; services that nobody has open any more go with it.
    void remove_node(Node& node);

    Service& add_service(std::unique_ptr<Service> service);
    Service* find_service(std::string_view name) const;
    void open_service(Node& node, Service& service, std::uint64_t handles = 1);
    // One handle of the node less.
    void close_service(Node& node, Service& service);
    static Service::Member* member(Node& node, Service& service);

    Port& add_port(std::unique_ptr<Port> port);
    Port* find_port(wire::Uuid id) const;
    // Its connections are gone already.
    void remove_port(Port& port);

    Connection& add_connection(std::unique_ptr<Connection> connection);
    Connection* find_connection(wire::Uuid id) const;
    void remove_connection(Connection& connection);

    WaitingHalf& add_waiting(std::unique_ptr<WaitingHalf> half);
    // The half of that connection that waits for this one.
    WaitingHalf* find_waiting_for(wire::Uuid connection, wire::Uuid port) const;
    WaitingHalf* find_waiting(wire::Uuid connection, wire::Uuid port) const;
    std::unique_ptr<WaitingHalf> take_waiting(const WaitingHalf& half);
    // Of that node, or for it.
    std::vector<WaitingHalf*> waiting_with(wire::Uuid node) const;
    std::size_t waiting_count() const { return waiting_.size(); }

    const std::map<std::uint64_t, std::unique_ptr<Node>>& nodes() const { return nodes_; }
    const std::map<std::string, std::unique_ptr<Service>, std::less<>>& services() const { return services_; }
    const std::map<std::uint64_t, std::unique_ptr<Port>>& ports() const { return ports_; }
    std::size_t connection_count() const { return connections_.size(); }

 private:
    void leave_if_done(Node& node, Service& service);

    std::uint64_t next_serial_ = 1;
    std::map<std::uint64_t, std::unique_ptr<Node>> nodes_;
    std::unordered_map<wire::Uuid, Node*> nodes_by_id_;
    // By name: lookups among 10,000 services cost 14 comparisons, and status lists them in this order.
    std::map<std::string, std::unique_ptr<Service>, std::less<>> services_;
    std::map<std::uint64_t, std::unique_ptr<Port>> ports_;
    std::unordered_map<wire::Uuid, Port*> ports_by_id_;
    std::unordered_map<wire::Uuid, std::unique_ptr<Connection>> connections_;
    std::map<std::pair<wire::Uuid, wire::Uuid>, std::unique_ptr<WaitingHalf>> waiting_;
};

}  // namespace roudi
