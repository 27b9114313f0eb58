// SPDX-License-Identifier: Apache-2.0
// What nodes are told is in their records before they are told.
#include "broker/broker.hpp"
#include "broker/recorded.hpp"
#include "broker/shortage.hpp"

#include <algorithm>
#include <bit>

namespace roudi {

RecordedService recorded(const Service& service) {
    const Service::Creator& creator = service.creator;
    return {.service = service.id,
            .name = service.name,
            .settings = service.settings,
            .attributes = service.attributes,
            .creator_pid = static_cast<std::uint64_t>(creator.identity.pid),
            .creator_uid = creator.identity.uid,
            .creator_gid = creator.identity.gid,
            .creator_node = creator.node,
            .creator_name = creator.node_name};
}

RecordedPort recorded(const Port& port) {
    return {.port = port.id,
            .service = port.service->id,
            .name = port.name,
            .settings = port.settings,
            .record = port.record.number(),
            .data_size = port.data_size};
}

RecordedHalf recorded(const Connection& connection, const Connection::Half& half) {
    const Port& peer = *connection.other(*half.port).port;
    return {.connection = connection.id,
            .port = half.port->id,
            .peer_port = peer.id,
            .peer_node = peer.node->id,
            .sending = &half == &connection.sender,
            .peer_is_new = half.peer_is_new,
            .settings = connection.settings,
            .segment_size = connection.segment_size,
            .record = half.record.number()};
}

// As if it had been told everything that it has just now.
std::string Broker::record_text(const Node& node) const {
    std::string text =
        line_of(RecordedNode{.node = node.id, .uid = node.identity.uid, .restarts = incidents_.restarts});
    for (const auto& [id, service] : node.services) {
        text += line_of(recorded(*service));
        if (!may_keep(node, *service)) continue;
        for (const KeptHistory& kept : service->kept) text += line_of(recorded(*service, kept));
    }
    for (const auto& [serial, port] : node.ports) {
        text += line_of(recorded(*port));
        for (const auto& [number, segment] : port->further) text += line_of(recorded(*port, segment));
        for (const auto& [number, connection] : port->connections)
            for (const Connection::Half* half : {&connection->sender, &connection->receiver})
                if (half->port == port) text += line_of(recorded(*connection, *half));
    }
    if (registry_.waiting_count() > 0)
        for (const WaitingHalf* half : registry_.waiting_with(node.id))
            if (half->port->node == &node) text += line_of(half->recorded);
    return text;
}

Granted<void> Broker::note(Node& node, const RecordedEntry& entry) {
    if (!node.record) return {};
    const std::string line = line_of(entry);
    if (!node.record->has_room_for(line)) return renew_record(node, line);
    if (auto written = node.record->append(line); !written) return tl::unexpected{shortage(written.error())};
    return {};
}

// A fresh one has room for as much again as is in it, so that this happens seldom.
Granted<void> Broker::renew_record(Node& node, const std::string& more) {
    const std::string text = record_text(node) + more;
    const std::uint64_t capacity =
        std::max(NodeRecord::smallest, std::bit_ceil(2 * static_cast<std::uint64_t>(text.size())));
    if (capacity > NodeRecord::largest)
        return reject(wire::Refusal::ExceedsQuota,
                      "what node \"" + node.hello.node_name + "\" of process " +
                          std::to_string(node.identity.pid) + " has fills a record of " +
                          std::to_string(NodeRecord::largest) + " bytes: use another node");
    auto charge = ledger_.charge(
        node.account, Usage{}.with(Resource::SegmentBytes, capacity).with(Resource::Descriptors, 1));
    if (!charge) return tl::unexpected{std::move(charge.error())};
    auto record = NodeRecord::create(node.id, capacity, text);
    if (!record) return tl::unexpected{shortage(record.error())};
    // Whoever is new, or comes back, is given it with the answer.
    if (node.record && !node.readoption) {
        auto to_read = record->to_read();
        if (!to_read) return tl::unexpected{shortage(to_read.error())};
        std::vector<shm::UniqueFd> descriptors;
        descriptors.push_back(std::move(*to_read));
        node.client->announce(wire::RecordRenewed{}, std::move(descriptors));
    }
    node.record = std::move(*record);
    node.record_charge = std::move(*charge);
    return {};
}

}  // namespace roudi
