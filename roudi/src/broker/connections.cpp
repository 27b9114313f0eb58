// SPDX-License-Identifier: Apache-2.0
#include "broker/broker.hpp"
#include "broker/recorded.hpp"
#include "broker/shortage.hpp"

#include <set>

namespace roudi {

namespace {

std::vector<shm::UniqueFd> alone(shm::UniqueFd descriptor) {
    std::vector<shm::UniqueFd> list;
    list.push_back(std::move(descriptor));
    return list;
}

}  // namespace

// Before a port's data segment is sealed nobody else gets it. Its counterparts know of the connection, and
// wait for it.
void Broker::send_offers(Connection& connection) {
    std::vector<Connection::Half*> due;
    for (Connection::Half* half : {&connection.sender, &connection.receiver}) {
        if (!half->offer || !connection.other(*half->port).port->sealed()) continue;
        if (auto added = add_further_segments(connection, *half); !added)
            return end_for(added.error().message, connection);
        due.push_back(half);
    }
    for (Connection::Half* half : due) {
        Connection::Half& other = connection.other(*half->port);
        for (const auto& [segment, has] : other.given)
            if (has) half->offer->details.taken.push_back(segment);
        half->port->node->client->announce(half->offer->details, std::move(half->offer->descriptors));
        half->offer.reset();
        half->offered_at = std::chrono::steady_clock::now();
        // Who was offered the connection before hears of it now.
        if (!other.offer && due.size() == 1) tell_all_taken(connection, *half);
    }
    send_lines(connection);
}

void send_lines(Connection& connection) {
    if (connection.sender.offer || connection.receiver.offer) return;
    for (Connection::Half* half : {&connection.sender, &connection.receiver}) {
        if (!half->wakes_peer) continue;
        const Port& waker = *half->port;
        const Port& sleeper = *connection.other(waker).port;
        sleeper.node->client->announce(wire::WakeExpected{.connection = connection.id, .port = sleeper.id},
                                       alone(std::move(half->wakes_peer->woken)));
        waker.node->client->announce(wire::WakeOffered{.connection = connection.id, .port = waker.id},
                                     alone(std::move(half->wakes_peer->waker)));
        half->wakes_peer.reset();
    }
}

// What is done to one of them may end it.
std::vector<Connection*> connections_of(const Port& port) {
    std::vector<Connection*> connections;
    for (const auto& [serial, connection] : port.connections) connections.push_back(connection);
    return connections;
}

// The survivor may have seen the death before this broker did, and ended what it had: a new connection with
// the dead would bring it the same history once more. Whatever it has said, the kernel knew by then.
bool is_over(const Port& one, const Port& other) {
    const auto is_dead = [](const Port& port) { return !port.node->client->is_alive(); };
    return one.readopted && other.readopted && (is_dead(one) || is_dead(other));
}

// A node that is amid its claims is offered nothing: it may be about to claim the very record that a new
// connection would be given.
Granted<Broker::Connections> Broker::prepare_connections(Port& port) {
    Connections prepared;
    std::set<const Port*> connected;
    for (const auto& [serial, connection] : port.connections) connected.insert(connection->other(port).port);
    for (const Route& route : routes())
        for (const bool sends : {true, false}) {
            if ((sends ? route.sender : route.receiver) != port.kind()) continue;
            for (const auto& [serial, peer] : port.service->ports_of(sends ? route.receiver : route.sender)) {
                if (connected.contains(peer)) continue;
                if (peer->node->readoption) {
                    if (!port.readopted) port.promised.emplace(peer->id, wire::Uuid::random());
                    continue;
                }
                if (is_over(port, *peer)) continue;
                const bool peer_is_second = port.readopted && !peer->readopted;
                auto connection = prepare_connection(ledger_, route, sends ? port : *peer,
                                                     sends ? *peer : port, peer_is_second ? *peer : port);
                if (!connection) return tl::unexpected{std::move(connection.error())};
                for (const Connection::Half* half : {&(*connection)->sender, &(*connection)->receiver}) {
                    auto noted = note(*half->port->node, recorded(**connection, *half));
                    if (!noted) return tl::unexpected{std::move(noted.error())};
                }
                prepared.push_back(std::move(*connection));
            }
        }
    return prepared;
}

void Broker::commit(std::unique_ptr<Connection> prepared) {
    for (const Connection::Half* half : {&prepared->sender, &prepared->receiver})
        half->port->promised.erase(prepared->other(*half->port).port->id);
    send_offers(registry_.add_connection(std::move(prepared)));
}

Broker::Outcome Broker::on(Call call, const wire::DataMapped& message) {
    Port* port = registry_.find_port(message.port);
    if (port == nullptr || port->node != call.client.node)
        return tl::unexpected{wire::Violation{"data_mapped for a port that the node does not have"}};
    if (port->sealed())
        return tl::unexpected{wire::Violation{"data_mapped for the second time, or without a data segment"}};
    // From here on only the mapping of its owner can write.
    if (auto sealed = port->data.seal_for_the_writer_that_mapped(); !sealed)
        return tl::unexpected{wire::Violation{sealed.error().message()}};
    port->data_sealed = true;
    for (Connection* connection : connections_of(*port)) send_offers(*connection);
    return {};
}

Broker::Outcome Broker::on(Call call, const wire::ConnectionMapped& message) {
    Connection* connection = registry_.find_connection(message.connection);
    if (connection == nullptr) return {};  // it was removed while this was on its way
    Connection::Half& sender = connection->sender;
    Connection::Half& receiver = connection->receiver;
    const Node* node = call.client.node;
    // Where both halves are one node's, which comes first makes no difference.
    Connection::Half* half = sender.port->node == node && !sender.mapped       ? &sender
                             : receiver.port->node == node && !receiver.mapped ? &receiver
                                                                               : nullptr;
    if (half == nullptr)
        return tl::unexpected{
            wire::Violation{"connection_mapped for a half that the node does not have, or "
                            "for the second time"}};
    if (half->offer || !half->port->sealed())
        return tl::unexpected{
            wire::Violation{"connection_mapped before it was offered, or before data_mapped"}};
    half->mapped = true;
    const bool both = sender.mapped && receiver.mapped;
    if (both) {
        connection->segment = {};
        connection->descriptor_charge.refund();
    }
    const auto ready = [&](const Port& port) {
        port.node->client->announce(wire::ConnectionReady{.connection = connection->id, .port = port.id});
    };
    if (sender.port->node != receiver.port->node) {
        ready(*connection->other(*half->port).port);
    } else if (both) {
        ready(*sender.port);
        ready(*receiver.port);
    }
    return {};
}

Broker::Outcome Broker::on(Call call, const wire::ConnectionCut& message) {
    Connection* connection = registry_.find_connection(message.connection);
    if (connection == nullptr) {  // it was removed while this was on its way, or its peer is not back yet
        for (const WaitingHalf* half : registry_.waiting_with(call.client.node->id))
            if (half->recorded.connection == message.connection && half->port->node == call.client.node)
                registry_.take_waiting(*half);
        return {};
    }
    const Port& sender = *connection->sender.port;
    const Port& receiver = *connection->receiver.port;
    const Node* node = call.client.node;
    if (sender.node != node && receiver.node != node)
        return tl::unexpected{wire::Violation{"connection_cut for a connection of others"}};
    const Port& cutter = sender.node == node ? sender : receiver;
    const Port& peer = *connection->other(cutter).port;
    std::string detail = message.detail;
    Incidents::shorten(detail);
    log_.warning("connection " + connection->id.text() + " of service \"" + sender.service->name +
                 "\" was cut by process " + std::to_string(cutter.node->identity.pid) +
                 " because of process " + std::to_string(peer.node->identity.pid) + ": " + detail);
    incidents_.add(Incidents::Cut{.at = std::chrono::system_clock::now(),
                                  .connection = connection->id,
                                  .by = cutter.node->identity.pid,
                                  .peer = peer.node->identity.pid,
                                  .service = sender.service->name,
                                  .detail = std::move(detail)});
    // Who cut it is told, too: its node has more of the connection than the half that found out.
    remove_connection(*connection, nullptr, wire::RemovalReason::Cut);
    return {};
}

void Broker::end_for(const std::string& shortage, Connection& connection) {
    log_.warning("connection " + connection.id.text() + " ends: " + shortage);
    remove_connection(connection, nullptr, wire::RemovalReason::PeerDropped);
}

void Broker::remove_connection(Connection& connection, const Port* leaving, wire::RemovalReason reason) {
    for (const Connection::Half* half : {&connection.sender, &connection.receiver}) {
        if (half->port == leaving) continue;
        half->port->node->client->announce(
            wire::ConnectionRemoved{.connection = connection.id, .port = half->port->id, .reason = reason});
    }
    registry_.remove_connection(connection);
}

Broker::Outcome Broker::on(Call call, const wire::RequestWakeHandle& message) {
    Port* port = registry_.find_port(message.port);
    if (port == nullptr || port->node != call.client.node)
        return tl::unexpected{wire::Violation{"request_wake_handle for a port that the node does not have"}};
    if (port->wakes) return tl::unexpected{wire::Violation{"request_wake_handle for the second time"}};
    if (!port->sealed()) return tl::unexpected{wire::Violation{"request_wake_handle before data_mapped"}};

    std::vector<WakeLine> lines;
    for (std::size_t i = 0; i < port->connections.size(); ++i) {
        auto line = WakeLine::create();
        if (!line) return call.refuse(shortage(line.error()));
        lines.push_back(std::move(*line));
    }

    port->wakes = true;
    auto line = lines.begin();
    for (const auto& [serial, connection] : port->connections) {
        connection->other(*port).wakes_peer = std::move(*line++);
        send_lines(*connection);
    }
    return call.answer(wire::WakeHandle{.port = port->id});
}

}  // namespace roudi
