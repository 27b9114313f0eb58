// SPDX-License-Identifier: Apache-2.0
#include "broker/broker.hpp"
#include "broker/offer.hpp"
#include "broker/shortage.hpp"
#include "rules/names.hpp"
#include "rules/requirements.hpp"
#include "rules/service_settings.hpp"

namespace roudi {

namespace {

Granted<void> check_room(const Service& service, wire::PortKind kind) {
    const bool publisher = kind == wire::PortKind::Publisher;
    const std::size_t has = publisher ? service.publishers.size() : service.subscribers.size();
    const std::uint64_t limit =
        publisher ? service.settings.max_publishers : service.settings.max_subscribers;
    if (has < limit) return {};
    return reject(publisher ? wire::Refusal::ExceedsMaxSupportedPublishers
                            : wire::Refusal::ExceedsMaxSupportedSubscribers,
                  describe(service) + " has " + std::to_string(has) +
                      (publisher ? " publishers, and its max_publishers is "
                                 : " subscribers, and its max_subscribers is ") +
                      std::to_string(limit));
}

}  // namespace

Granted<void> Broker::complete_publisher(Port& port, const wire::CreatePort& request) {
    port.publisher = *request.publisher;
    auto size = data_segment_size(port.service->settings, port.publisher.max_loaned_samples);
    if (!size) return tl::unexpected{std::move(size.error())};
    port.data_size = *size;
    return {};
}

Granted<void> Broker::complete_subscriber(Port& port, const wire::CreatePort& request) {
    const auto& settings = port.service->settings;
    port.buffer_size = request.subscriber->buffer_size.value_or(settings.subscriber_max_buffer_size);
    port.history_request = request.subscriber->history_request;
    if (port.buffer_size == 0)
        return reject(wire::Refusal::InvalidSetting, "buffer_size is 0, and 1 to " +
                                                         std::to_string(settings.subscriber_max_buffer_size) +
                                                         " is allowed");
    if (port.buffer_size > settings.subscriber_max_buffer_size)
        return reject(wire::Refusal::BufferSizeExceedsMaxSupportedBufferSizeOfService,
                      describe(*port.service) + " has subscriber_max_buffer_size " +
                          std::to_string(settings.subscriber_max_buffer_size) +
                          ", and a subscriber asked for buffer_size " + std::to_string(port.buffer_size));
    if (port.history_request > settings.history_size)
        return reject(wire::Refusal::HistoryRequestExceedsHistorySizeOfService,
                      describe(*port.service) + " has history_size " + std::to_string(settings.history_size) +
                          ", and a subscriber asked for history_request " +
                          std::to_string(port.history_request));
    return {};
}

Granted<Port*> Broker::create_port(Node& node, Service& service, const wire::CreatePort& request) {
    if (auto fine = check_label(request.name, "a port"); !fine)
        return tl::unexpected{std::move(fine.error())};
    if (auto fine = check_room(service, request.kind); !fine) return tl::unexpected{std::move(fine.error())};
    auto port = std::make_unique<Port>();
    port->kind = request.kind;
    port->name = request.name;
    port->node = &node;
    port->service = &service;
    const bool publisher = request.kind == wire::PortKind::Publisher;
    auto complete = publisher ? complete_publisher(*port, request) : complete_subscriber(*port, request);
    if (!complete) return tl::unexpected{std::move(complete.error())};

    Usage amounts = Usage{}.with(Resource::Ports, 1);
    if (publisher)
        amounts = amounts.with(Resource::SegmentBytes, port->data_size).with(Resource::Descriptors, 1);
    auto charge = ledger_.charge(node.account, amounts);
    if (!charge) return tl::unexpected{std::move(charge.error())};
    port->charge = std::move(*charge);
    if (publisher) {
        auto segment = shm::MemoryFile::create("ipc-data", port->data_size);
        if (!segment) return tl::unexpected{shortage(segment.error())};
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
    const bool publisher = message.kind == wire::PortKind::Publisher;
    if (message.publisher.has_value() != publisher || message.subscriber.has_value() == publisher)
        return tl::unexpected{wire::Violation{"create_port with settings of another kind of port"}};

    auto created = create_port(node, *service->second, message);
    if (!created) return call.refuse(created.error());
    Port& port = **created;
    std::vector<shm::UniqueFd> descriptors;
    if (publisher) {
        auto data = duplicate(port.data.descriptor());
        if (!data) {
            registry_.remove_port(port);
            return call.refuse(data.error());
        }
        descriptors.push_back(std::move(*data));
    }
    return call.answer(wire::PortCreated{.port = port.id,
                                         .record = port.record.number(),
                                         .buffer_size = port.buffer_size,
                                         .data_size = port.data_size},
                       std::move(descriptors));
}

Broker::Outcome Broker::on(Call call, const wire::DropPort& message) {
    Port* port = registry_.find_port(message.port);
    if (port == nullptr || port->node != call.client.node)
        return tl::unexpected{wire::Violation{"drop_port of a port that the node does not have"}};
    remove_port(*port, wire::RemovalReason::PeerDropped);
    return {};
}

void Broker::remove_port(Port& port, wire::RemovalReason reason) {
    while (!port.connections.empty()) remove_connection(*port.connections.begin()->second, &port, reason);
    registry_.remove_port(port);
}

}  // namespace roudi
