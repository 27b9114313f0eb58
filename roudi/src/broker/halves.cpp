// SPDX-License-Identifier: Apache-2.0
// Halves of connections that nodes had before the broker's restart, and how they find each other again.
#include "broker/broker.hpp"
#include "broker/offer.hpp"
#include "broker/recorded.hpp"
#include "broker/shortage.hpp"
#include "broker/violation.hpp"
#include "record/file_names.hpp"
#include "record/presented_files.hpp"
#include "rules/routes.hpp"
#include "wire/text_writer.hpp"

#include <algorithm>

namespace roudi {

namespace {

// Of what kind the port at the other end is.
std::optional<wire::PortKind> peer_kind(wire::PortKind own, bool sending) {
    for (const Route& route : routes()) {
        if (sending && route.sender == own) return route.receiver;
        if (!sending && route.receiver == own) return route.sender;
    }
    return std::nullopt;
}

std::string text_of(const wire::ConnectionSettings& settings) {
    std::string text;
    wire::TextWriter writer{text};
    writer.one_of(settings);
    writer.finish();
    return text;
}

bool belong_together(const WaitingHalf& one, const WaitingHalf& other) {
    const auto leads_to = [](const WaitingHalf& from, const WaitingHalf& to) {
        return from.recorded.peer_port == to.port->id && from.recorded.peer_node == to.port->node->id;
    };
    return leads_to(one, other) && leads_to(other, one) && one.recorded.sending != other.recorded.sending &&
           one.port->service == other.port->service &&
           one.recorded.segment_size == other.recorded.segment_size &&
           text_of(one.recorded.settings) == text_of(other.recorded.settings);
}

// Unless both ends of a line are where they belong. A broker that died may have given away one of them only;
// then nobody relies on it.
void replace_line(Connection& connection, const WaitingHalf& waker, const WaitingHalf& sleeper) {
    if (waker.wakes && sleeper.woken) return;
    // Without one, the sleeper looks by itself, every few milliseconds.
    (void)make_line(connection, waker.recorded.sending ? connection.sender : connection.receiver);
}

Connection::Half half_of(WaitingHalf& waiting) {
    return {.port = waiting.port,
            .record = std::move(waiting.record),
            .offer = {},
            .mapped = true,
            .peer_is_new = waiting.recorded.peer_is_new};
}

}  // namespace

Broker::Outcome Broker::on(Call call, const wire::ReadoptConnections& message) {
    for (const wire::HalfOfConnection& half : message.halves)
        if (auto claimed = claim(call.client, half, {}); !claimed) return claimed;
    return {};
}

Broker::Outcome Broker::on(Call call, const wire::ReadoptConnection& message) {
    return claim(call.client, message.half, std::move(call.brought.front()));
}

Broker::Outcome Broker::claim(Client& client, const wire::HalfOfConnection& half, shm::UniqueFd segment) {
    Node& node = *client.node;
    const RecordedHalf* entry = node.readoption->recorded.half(half.connection, half.port);
    if (entry == nullptr) return violation("a claim of a connection that its record does not have");
    Port* port = registry_.find_port(half.port);
    if (port == nullptr) return {};  // its port was not granted, which says all
    if (port->node != &node || registry_.find_waiting(half.connection, half.port) != nullptr)
        return violation("a claim of another node's connection, or for the second time");
    const auto kind = peer_kind(port->kind(), entry->sending);
    if (!kind) return violation("a claim of a connection that such ports do not have");

    auto waiting = std::make_unique<WaitingHalf>();
    waiting->recorded = *entry;
    waiting->port = port;
    waiting->wakes = half.wakes;
    waiting->woken = half.woken;
    waiting->peer_kind = *kind;
    auto record = node.records.take(entry->record);
    if (!record) return violation("a claim of a connection whose counters belong to another, or are claimed");
    waiting->record = std::move(*record);
    if (segment) {
        const auto presented = PresentedFiles::create();
        if (!presented) return violation(shortage(presented.error()).message);
        auto file = presented->memory_file(std::move(segment), {.name = connection_name(half.connection),
                                                                .seals = shm::MemoryFile::shared_seals,
                                                                .size = entry->segment_size});
        if (!file) return violation("a claim with " + file.error() + " as the connection's segment");
        waiting->segment = std::move(*file);
    }
    auto charge =
        ledger_.charge(node.account, Usage{}
                                         .with(Resource::Connections, 1)
                                         .with(Resource::SegmentBytes, entry->segment_size)
                                         .with(Resource::Descriptors, waiting->segment.descriptor() ? 1 : 0));
    if (!charge) {
        log_.warning("connection " + half.connection.text() + " ends: " + charge.error().message);
        drop(*waiting, wire::RemovalReason::PeerDropped);
        return {};
    }
    waiting->charge = std::move(*charge);
    if (auto noted = note(node, *entry); !noted) return violation(noted.error().message);

    if (WaitingHalf* other = registry_.find_waiting_for(half.connection, half.port)) {
        if (!belong_together(*waiting, *other))
            return violation("a claim of connection " + half.connection.text() +
                             ", whose other half is another one's");
        return pair(registry_.take_waiting(*other), std::move(waiting));
    }
    if (registry_.find_connection(half.connection) != nullptr)
        return violation("a claim of a connection that has two halves already");
    registry_.add_waiting(std::move(waiting));
    return {};
}

Broker::Outcome Broker::pair(std::unique_ptr<WaitingHalf> first, std::unique_ptr<WaitingHalf> second) {
    WaitingHalf& sending = first->recorded.sending ? *first : *second;
    WaitingHalf& receiving = first->recorded.sending ? *second : *first;
    auto connection = std::make_unique<Connection>();
    connection->id = first->recorded.connection;
    connection->settings = first->recorded.settings;
    connection->segment_size = first->recorded.segment_size;
    connection->sender = half_of(sending);
    connection->receiver = half_of(receiving);
    connection->charge = std::move(first->charge);
    Connection& added = registry_.add_connection(std::move(connection));
    ++incidents_.readopted.connections;
    for (const Connection::Half* half : {&added.sender, &added.receiver})
        half->port->node->client->announce(
            wire::ConnectionReady{.connection = added.id, .port = half->port->id});
    replace_line(added, sending, receiving);
    replace_line(added, receiving, sending);
    send_lines(added);
    if (offer_again(added, added.sender)) (void)offer_again(added, added.receiver);
    return {};
}

Broker::Outcome Broker::on(Call call, const wire::ReadoptDone&) {
    Node& node = *call.client.node;
    auto to_read = node.record->to_read();
    if (!to_read) return violation(shortage(to_read.error()).message);
    node.readoption.reset();
    std::vector<shm::UniqueFd> descriptors;
    descriptors.push_back(std::move(*to_read));
    (void)call.answer(wire::Readopted{}, std::move(descriptors));

    ++incidents_.readopted.nodes;
    if (registry_.waiting_count() > 0)
        for (WaitingHalf* half : registry_.waiting_with(node.id)) settle(*half);
    connect_missing(node);
    log_.info("node \"" + node.hello.node_name + "\" of process " + std::to_string(node.identity.pid) +
              " is back, with " + std::to_string(node.ports.size()) + " ports");
    return {};
}

// Of two nodes that have both said all that they have, one does not claim its half.
void Broker::settle(WaitingHalf& half) {
    const Node* peer = registry_.find_node(half.recorded.peer_node);
    if (peer == nullptr || peer->readoption || half.port->node->readoption) return;
    Port* to = registry_.find_port(half.recorded.peer_port);
    if (half.segment.descriptor() && to != nullptr && to->node == peer && to->kind() == half.peer_kind &&
        to->service == half.port->service && !is_over(*half.port, *to)) {
        auto handed_over = hand_over(half, *to);
        if (handed_over) return;
        log_.warning("connection " + half.recorded.connection.text() +
                     " cannot be handed over: " + handed_over.error().message);
    }
    drop(*registry_.take_waiting(half),
         peer->client->is_alive() ? wire::RemovalReason::PeerDropped : wire::RemovalReason::PeerDied);
}

Granted<void> Broker::hand_over(WaitingHalf& half, Port& to) {
    auto record = take_record(*to.node);
    if (!record) return tl::unexpected{std::move(record.error())};
    auto connection = std::make_unique<Connection>();
    connection->id = half.recorded.connection;
    connection->settings = half.recorded.settings;
    connection->segment_size = half.recorded.segment_size;
    auto segment = duplicate(half.segment.descriptor());
    if (!segment) return tl::unexpected{std::move(segment.error())};
    connection->segment = shm::MemoryFile{std::move(*segment)};
    Connection::Half& present = half.recorded.sending ? connection->sender : connection->receiver;
    Connection::Half& absent = half.recorded.sending ? connection->receiver : connection->sender;
    present.port = half.port;
    absent = {.port = &to,
              .record = std::move(*record),
              .offer = {},
              .mapped = false,
              .peer_is_new = !half.recorded.peer_is_new};
    auto offer = offer_for(*connection, absent);
    if (!offer) return tl::unexpected{std::move(offer.error())};
    absent.offer = std::move(*offer);
    if (auto noted = note(*to.node, recorded(*connection, absent)); !noted) return noted;

    const auto taken = registry_.take_waiting(half);
    present = half_of(*taken);
    connection->charge = std::move(taken->charge);
    ++incidents_.readopted.handed_over;
    const wire::Uuid id = connection->id;
    commit(std::move(connection));
    to.node->client->announce(wire::ConnectionReady{.connection = id, .port = to.id});
    if (Connection* made = registry_.find_connection(id)) (void)offer_again(*made, made->other(to));
    return {};
}

void Broker::drop(const WaitingHalf& half, wire::RemovalReason reason) {
    ++incidents_.readopted.dropped;
    half.port->node->client->announce(wire::ConnectionRemoved{
        .connection = half.recorded.connection, .port = half.port->id, .reason = reason});
}

void Broker::drop_waiting_for(const Node& node, wire::RemovalReason reason) {
    if (registry_.waiting_count() == 0) return;
    for (const WaitingHalf* half : registry_.waiting_with(node.id))
        drop(*registry_.take_waiting(*half), reason);
}

// What would be connected if it were new: with ports that came meanwhile, or to which the connection ended.
void Broker::connect_missing(Node& node) {
    for (const auto& [serial, port] : node.ports) {
        auto connections = prepare_connections(*port);
        if (connections)
            for (auto& connection : *connections) commit(std::move(connection));
        else
            log_.warning("port " + port->id.text() +
                         " stays without its new connections: " + connections.error().message);
        break_promises(*port);
    }
}

void Broker::break_promises(const Port& port) {
    for (const auto& peers : port.service->ports)
        for (const auto& [serial, peer] : peers) {
            const auto promised = peer->promised.extract(port.id);
            if (promised.empty()) continue;
            peer->node->client->announce(wire::ConnectionRemoved{.connection = promised.mapped(),
                                                                 .port = peer->id,
                                                                 .reason = wire::RemovalReason::PeerDropped});
        }
}

Broker::Outcome Broker::on(Call call, const wire::PeerGone& message) {
    const WaitingHalf* half = registry_.find_waiting(message.half.connection, message.half.port);
    if (half != nullptr && half->port->node == call.client.node) registry_.take_waiting(*half);
    return {};
}

}  // namespace roudi
