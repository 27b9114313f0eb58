// SPDX-License-Identifier: Apache-2.0
#include "broker/broker.hpp"
#include "broker/data_file.hpp"
#include "broker/offer.hpp"
#include "broker/recorded.hpp"
#include "broker/shortage.hpp"
#include "rules/names.hpp"
#include "rules/patterns.hpp"
#include "rules/port_limits.hpp"

namespace roudi {

Granted<Port*> Broker::create_port(Node& node, Service& service, const wire::CreatePort& request) {
    if (auto fine = check_label(request.name, "a port"); !fine)
        return tl::unexpected{std::move(fine.error())};
    if (auto fine = permissions_.check_port(wire::kind_of(request.settings), service, node.identity); !fine)
        return tl::unexpected{std::move(fine.error())};
    if (auto fine = check_room(service, wire::kind_of(request.settings)); !fine)
        return tl::unexpected{std::move(fine.error())};
    auto granted = grant_port(service, request.settings);
    if (!granted) return tl::unexpected{std::move(granted.error())};
    auto port = std::make_unique<Port>();
    port->id = wire::Uuid::random();
    port->settings = granted->settings;
    port->name = request.name;
    port->node = &node;
    port->service = &service;
    port->data_size = granted->data_size;

    Usage amounts = Usage{}.with(Resource::Ports, 1);
    if (port->data_size != 0) amounts += usage_of_segment(port->data_size);
    auto charge = ledger_.charge(node.account, amounts);
    if (!charge) return tl::unexpected{std::move(charge.error())};
    port->charge = std::move(*charge);
    if (port->data_size != 0) {
        auto segment = make_data_file(port->id, port->data_size, granted->huge_pages);
        if (!segment) return tl::unexpected{std::move(segment.error())};
        port->data = std::move(*segment);
    }
    auto record = take_record(node);
    if (!record) return tl::unexpected{std::move(record.error())};
    port->record = std::move(*record);
    return &registry_.add_port(std::move(port));
}

Broker::Outcome Broker::on(Call call, const wire::CreatePort& message) {
    Node& node = *call.client.node;
    const auto service = node.services.find(message.service);
    if (service == node.services.end() || Registry::member(node, *service->second)->handles == 0)
        return tl::unexpected{wire::Violation{"create_port in a service that is not open"}};
    if (!wire::has_ports_like(service->second->settings, message.settings))
        return tl::unexpected{
            wire::Violation{"create_port of a kind that a service of this pattern has not"}};

    auto created = create_port(node, *service->second, message);
    if (!created) return call.refuse(created.error());
    Port& port = **created;
    const auto give_up = [&](const Rejection& rejection) {
        registry_.remove_port(port);
        return call.refuse(rejection);
    };
    if (auto noted = note(node, recorded(port)); !noted) return give_up(noted.error());
    auto connections = prepare_connections(port);
    if (!connections) return give_up(connections.error());
    std::vector<shm::UniqueFd> descriptors;
    if (port.data_size != 0) {
        auto data = duplicate(port.data.descriptor());
        if (!data) return give_up(data.error());
        descriptors.push_back(std::move(*data));
    }

    const auto* subscriber = std::get_if<wire::SubscriberSettings>(&port.settings);
    wire::PortCreated answer{.port = port.id,
                             .record = port.record.number(),
                             .buffer_size = subscriber ? *subscriber->buffer_size : 0,
                             .data_size = port.data_size,
                             .connections = {}};
    for (const auto& connection : *connections) answer.connections.push_back(connection->id);
    for (const auto& [peer, connection] : port.promised) answer.connections.push_back(connection);
    call.answer(answer, std::move(descriptors));
    for (auto& connection : *connections) commit(std::move(connection));
    return {};
}

Broker::Outcome Broker::on(Call call, const wire::DropPort& message) {
    Port* port = registry_.find_port(message.port);
    if (port == nullptr && call.client.node->refused_ports.erase(message.port) != 0) return {};
    if (port == nullptr || port->node != call.client.node)
        return tl::unexpected{wire::Violation{"drop_port of a port that the node does not have"}};
    remove_port(*port, wire::RemovalReason::PeerDropped);
    return {};
}

void Broker::remove_port(Port& port, wire::RemovalReason reason) {
    while (!port.connections.empty()) remove_connection(*port.connections.begin()->second, &port, reason);
    if (port.waiting_halves > 0)
        for (const WaitingHalf* half : registry_.waiting_with(port.node->id))
            if (half->port == &port) registry_.take_waiting(*half);
    keep_history(port);
    const Node& node = *port.node;
    const std::uint64_t service = port.service->id;
    const auto kept = kept_in(*port.service);
    registry_.remove_port(port);
    drop_kept_after_leaving(node, service, kept);
}

}  // namespace roudi
