// SPDX-License-Identifier: Apache-2.0
#include "broker/offer.hpp"

#include "broker/client.hpp"
#include "broker/shortage.hpp"
#include "layout/counters.hpp"
#include "record/file_names.hpp"

#include <string>

namespace roudi {

namespace {

wire::ConnectionOffered details_for(const Connection& connection, const Connection::Half& half) {
    const Port& peer = *connection.other(*half.port).port;
    return {.connection = connection.id,
            .port = half.port->id,
            .peer_port = peer.id,
            .peer_node = peer.node->id,
            .peer_pid = static_cast<std::uint64_t>(peer.node->identity.pid),
            .sending = &half == &connection.sender,
            .peer_is_new = half.peer_is_new,
            .settings = connection.settings,
            .record = half.record.number(),
            .peer_membarrier_registered = peer.node->hello.membarrier_registered,
            .peer_membarrier_available = peer.node->hello.membarrier_available,
            .data_sizes = peer.data_size == 0 ? std::vector<std::uint64_t>{} : std::vector{peer.data_size},
            .segments = {},
            .taken = {}};
}

}  // namespace

Granted<Offer> offer_for(const Connection& connection, const Connection::Half& half) {
    const Port& peer = *connection.other(*half.port).port;
    Offer offer{.details = details_for(connection, half), .descriptors = {}, .charge = {}};
    auto segment = duplicate(connection.segment.descriptor());
    if (!segment) return tl::unexpected{std::move(segment.error())};
    offer.descriptors.push_back(std::move(*segment));
    auto pidfd = duplicate(peer.node->client->pidfd());
    if (!pidfd) return tl::unexpected{std::move(pidfd.error())};
    offer.descriptors.push_back(std::move(*pidfd));
    if (!offer.details.data_sizes.empty()) {
        auto data = peer.data.reopen_read_only();
        if (!data) return tl::unexpected{shortage(data.error())};
        offer.descriptors.push_back(std::move(*data));
    }
    return offer;
}

Granted<void> make_line(const Connection& connection, Connection::Half& waker) {
    if (!connection.other(*waker.port).port->wakes) return {};
    auto line = WakeLine::create();
    if (!line) return tl::unexpected{shortage(line.error())};
    waker.wakes_peer = std::move(*line);
    return {};
}

Granted<std::unique_ptr<Connection>> prepare_connection(Ledger& ledger, const Route& route, Port& sender,
                                                        Port& receiver, const Port& second) {
    auto connection = std::make_unique<Connection>();
    const Port& first = &second == &sender ? receiver : sender;
    const auto promised = second.promised.find(first.id);
    connection->id = promised == second.promised.end() ? wire::Uuid::random() : promised->second;
    connection->sender.port = &sender;
    connection->receiver.port = &receiver;

    const ConnectionPlan plan = route.plan(sender, receiver);
    connection->settings = plan.settings;
    const std::uint64_t size = plan.segment_size;
    const auto& account = second.node->account;
    auto charge =
        ledger.charge(account, Usage{}.with(Resource::Connections, 1).with(Resource::SegmentBytes, size));
    if (!charge) return tl::unexpected{std::move(charge.error())};
    connection->charge = std::move(*charge);
    auto descriptor_charge = ledger.charge(account, Usage{}.with(Resource::Descriptors, 1));
    if (!descriptor_charge) return tl::unexpected{std::move(descriptor_charge.error())};
    connection->descriptor_charge = std::move(*descriptor_charge);

    for (Connection::Half* half : {&connection->sender, &connection->receiver}) {
        auto record = take_record(*half->port->node);
        if (!record) return tl::unexpected{std::move(record.error())};
        half->record = std::move(*record);
        half->peer_is_new = connection->other(*half->port).port == &second;
    }
    connection->segment_size = size;
    auto segment = shm::MemoryFile::create(connection_name(connection->id).c_str(), size);
    if (!segment) return tl::unexpected{shortage(segment.error())};
    if (auto sealed = segment->seal_shared(); !sealed) return tl::unexpected{shortage(sealed.error())};
    connection->segment = std::move(*segment);

    for (Connection::Half* half : {&connection->sender, &connection->receiver}) {
        auto offer = offer_for(*connection, *half);
        if (!offer) return tl::unexpected{std::move(offer.error())};
        if (!connection->other(*half->port).port->sealed()) {
            auto waiting =
                ledger.charge(account, Usage{}.with(Resource::Descriptors, offer->descriptors.size()));
            if (!waiting) return tl::unexpected{std::move(waiting.error())};
            offer->charge = std::move(*waiting);
        }
        half->offer = std::move(*offer);
        if (auto made = make_line(*connection, *half); !made) return tl::unexpected{std::move(made.error())};
    }
    return connection;
}

Granted<Record> take_record(Node& node) {
    auto record = node.records.take();
    if (record) return std::move(*record);
    return reject(wire::Refusal::ExceedsQuota, "node \"" + node.hello.node_name + "\" of process " +
                                                   std::to_string(node.identity.pid) +
                                                   " has ports and connections for all " +
                                                   std::to_string(ipc::layout::Counters::record_count) +
                                                   " records of its counters: use another node");
}

}  // namespace roudi
