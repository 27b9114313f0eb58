// SPDX-License-Identifier: Apache-2.0
// A sending port gets further data segments, and gives them back.
#include "rules/growth.hpp"

#include "broker/broker.hpp"
#include "broker/data_file.hpp"
#include "broker/offer.hpp"
#include "broker/recorded.hpp"
#include "broker/shortage.hpp"
#include "broker/violation.hpp"
#include "layout/data.hpp"
#include "layout/limits.hpp"
#include "wire/enum_names.hpp"

#include <algorithm>
#include <utility>

namespace roudi {

namespace {

namespace layout = ipc::layout;

FurtherSegment* find_segment(Port& port, wire::Uuid id) {
    const auto found = std::find_if(port.further.begin(), port.further.end(),
                                    [&](const auto& entry) { return entry.second.details.id == id; });
    return found == port.further.end() ? nullptr : &found->second;
}

void tell_taken(const Port& owner, wire::Uuid connection, wire::Uuid segment) {
    owner.node->client->announce(
        wire::SegmentReady{.connection = connection, .port = owner.id, .segment = segment});
}

Granted<void> offer_segment(const Connection& connection, Connection::Half& half,
                            const FurtherSegment& segment) {
    auto data = segment.data.reopen_read_only();
    if (!data) return tl::unexpected{shortage(data.error())};
    std::vector<shm::UniqueFd> descriptors;
    descriptors.push_back(std::move(*data));
    half.given[segment.details.id] = false;
    half.port->node->client->announce(
        wire::SegmentOffered{.connection = connection.id, .port = half.port->id, .segment = segment.details},
        std::move(descriptors));
    return {};
}

}  // namespace

RecordedSegment recorded(const Port& port, const FurtherSegment& segment) {
    return {.port = port.id,
            .segment = segment.details.id,
            .number = segment.details.number,
            .size = segment.details.size};
}

Granted<void> add_further_segments(const Connection& connection, Connection::Half& half) {
    for (const auto& [number, segment] : connection.other(*half.port).port->further) {
        if (!segment.sealed) continue;
        auto data = segment.data.reopen_read_only();
        if (!data) return tl::unexpected{shortage(data.error())};
        half.offer->details.segments.push_back(segment.details);
        half.offer->descriptors.push_back(std::move(*data));
        half.given[segment.details.id] = true;
    }
    return {};
}

void tell_all_taken(Connection& connection, const Connection::Half& half) {
    for (const auto& [segment, has] : half.given)
        if (has) tell_taken(*connection.other(*half.port).port, connection.id, segment);
}

Granted<void> Broker::grow(Port& port, const wire::GrowPort& request) {
    auto charge = ledger_.charge(port.node->account, usage_of_segment(request.size));
    if (!charge) return tl::unexpected{std::move(charge.error())};
    FurtherSegment segment;
    segment.details = {.id = wire::Uuid::random(), .number = request.number, .size = request.size};
    segment.charge = std::move(*charge);
    auto data = make_data_file(segment.details.id, request.size, lies_in_huge_pages(port.settings));
    if (!data) return tl::unexpected{std::move(data.error())};
    segment.data = std::move(*data);
    if (auto noted = note(*port.node, recorded(port, segment)); !noted) return noted;
    port.further.emplace(request.number, std::move(segment));
    return {};
}

Broker::Outcome Broker::on(Call call, const wire::GrowPort& message) {
    Port* port = registry_.find_port(message.port);
    if (port == nullptr || port->node != call.client.node)
        return violation("grow_port for a port that the node does not have");
    if (!grows(port->settings) || !port->sealed())
        return violation("grow_port for a port that does not grow, or before data_mapped");
    const bool huge = lies_in_huge_pages(port->settings);
    if (message.number == 0 || message.number > layout::max_further_segments || message.size == 0 ||
        message.size > layout::max_segment_size || message.size != layout::file_size(message.size, huge))
        return violation("grow_port with a number, or a size, that no segment has");
    // An honest node may ask so: it gave up waiting for an answer, which is still on its way.
    if (port->further.contains(message.number))
        return call.refuse({.code = wire::Refusal::OutOfMemory,
                            .message = "the port has a further data segment of that number already"});

    const auto give_up = [&](const Rejection& rejection) {
        // Once, and not for every loan that is too long.
        if (!std::exchange(port->growth_refused, true))
            log_.warning("a port of service \"" + port->service->name + "\" of process " +
                         std::to_string(port->node->identity.pid) + " gets no further data segment of " +
                         std::to_string(message.size) + " bytes: " + rejection.message);
        port->further.erase(message.number);
        return call.refuse(rejection);
    };
    if (auto grown = grow(*port, message); !grown) return give_up(grown.error());
    const FurtherSegment& segment = port->further.at(message.number);
    auto data = duplicate(segment.data.descriptor());
    if (!data) return give_up(data.error());
    port->growth_refused = false;
    std::vector<shm::UniqueFd> descriptors;
    descriptors.push_back(std::move(*data));
    return call.answer(wire::PortGrown{.port = port->id, .segment = segment.details.id},
                       std::move(descriptors));
}

// Asked again after a restart, in between, it was sealed when it was claimed.
Broker::Outcome Broker::on(Call call, const wire::SegmentMapped& message) {
    Port* port = registry_.find_port(message.port);
    if (port == nullptr || port->node != call.client.node)
        return violation("segment_mapped for a port that the node does not have");
    FurtherSegment* segment = find_segment(*port, message.segment);
    if (segment == nullptr) return violation("segment_mapped for a segment that the port does not have");
    if (!segment->sealed) {
        if (auto sealed = segment->data.seal_for_the_writer_that_mapped(); !sealed)
            return violation(sealed.error().message());
        segment->sealed = true;
    }
    wire::SegmentSealed answer{.segment = segment->details.id, .connections = {}};
    std::vector<Connection*> impossible;
    for (Connection* connection : connections_of(*port)) {
        Connection::Half& receiver = connection->other(*port);
        if (receiver.offer) continue;  // it comes with that
        const auto given = receiver.given.find(segment->details.id);
        if (given != receiver.given.end() && given->second) continue;
        if (given == receiver.given.end() && !offer_segment(*connection, receiver, *segment))
            impossible.push_back(connection);
        else
            answer.connections.push_back(connection->id);
    }
    (void)call.answer(answer);
    for (Connection* connection : impossible)
        end_for("no descriptors are left for a further data segment", *connection);
    return {};
}

// One that a broker did not get back is none that it could miss.
Broker::Outcome Broker::on(Call call, const wire::ShrinkPort& message) {
    Port* port = registry_.find_port(message.port);
    if (port == nullptr) return {};  // dropped meanwhile, or not taken back after a restart
    if (port->node != call.client.node) return violation("shrink_port of another node's port");
    const FurtherSegment* segment = find_segment(*port, message.segment);
    if (segment == nullptr) return {};
    for (const auto& [serial, connection] : port->connections) {
        Connection::Half& receiver = connection->other(*port);
        if (receiver.given.erase(message.segment) == 0) continue;
        receiver.port->node->client->announce(wire::SegmentWithdrawn{
            .connection = connection->id, .port = receiver.port->id, .segment = message.segment});
    }
    port->further.erase(segment->details.number);
    return {};
}

Broker::Outcome Broker::on(Call call, const wire::SegmentTaken& message) {
    Connection* connection = registry_.find_connection(message.connection);
    if (connection == nullptr) return {};  // it was removed while this was on its way
    const Node* node = call.client.node;
    for (Connection::Half* half : {&connection->sender, &connection->receiver}) {
        if (half->port->id != message.port) continue;
        if (half->port->node != node) return violation("segment_taken for another node's connection");
        const auto given = half->given.find(message.segment);
        if (given == half->given.end() || std::exchange(given->second, true)) return {};  // withdrawn
        const Connection::Half& owner = connection->other(*half->port);
        if (!owner.offer) tell_taken(*owner.port, connection->id, message.segment);
        return {};
    }
    return violation("segment_taken for a port that is not at that connection");
}

// What a receiver has, it says again.
bool Broker::offer_again(Connection& connection, Connection::Half& half) {
    const Port& owner = *connection.other(*half.port).port;
    if (!grows(owner.settings)) return true;
    wire::SegmentsLeft left{.connection = connection.id, .port = half.port->id, .segments = {}};
    for (const auto& [number, segment] : owner.further)
        if (segment.sealed) left.segments.push_back(segment.details.id);
    half.port->node->client->announce(left);
    for (const auto& [number, segment] : owner.further)
        if (segment.sealed && !half.given.contains(segment.details.id))
            if (auto offered = offer_segment(connection, half, segment); !offered) {
                end_for(offered.error().message, connection);
                return false;
            }
    return true;
}

Broker::Outcome Broker::on(Call call, const wire::ReadoptSegment& message) {
    Node& node = *call.client.node;
    const std::string type{message.type};
    const auto& recorded_segments = node.readoption->recorded.segments;
    const auto found = recorded_segments.find(message.segment);
    if (found == recorded_segments.end() || found->second.port != message.port)
        return violation(type + " of one that its record does not have");
    const RecordedSegment& entry = found->second;
    if (node.refused_ports.contains(message.port)) return {};
    Port* port = registry_.find_port(message.port);
    if (port == nullptr || port->node != &node) return violation(type + " before its port");
    if (!grows(port->settings) || port->further.contains(entry.number))
        return violation(type + " of a port that does not grow, or for the second time");
    if (port->waiting_halves != 0 || !port->connections.empty())
        return violation(type + " behind the port's connections");

    auto data = take_data_file(type, std::move(call.brought.front()), entry.segment, entry.size);
    if (!data) return tl::unexpected{std::move(data.error())};
    auto charge = ledger_.charge(node.account, usage_of_segment(entry.size));
    if (!charge) {
        // A port that is here with a part of its memory would have receivers cut it.
        not_readopted(call.client, {.service = {}, .port = message.port}, charge.error(),
                      std::string{wire::name_of(port->kind())} + " \"" + port->name + "\" of service \"" +
                          port->service->name + "\"");
        break_promises(*port);
        registry_.remove_port(*port);  // it has no connections yet
        --incidents_.readopted.ports;
        return {};
    }
    FurtherSegment segment;
    segment.details = {.id = entry.segment, .number = entry.number, .size = entry.size};
    segment.data = std::move(*data);
    segment.sealed = true;
    segment.charge = std::move(*charge);
    if (auto noted = note(node, recorded(*port, segment)); !noted) return violation(noted.error().message);
    port->further.emplace(entry.number, std::move(segment));
    return {};
}

}  // namespace roudi
