// SPDX-License-Identifier: Apache-2.0
// A server's port: how it begins and ends, and what the control thread has for it.
#include "port/server_port.hpp"

#include "port/built_port.hpp"
#include "port/outgoing_connection.hpp"
#include "port/request_offers.hpp"

#include <algorithm>
#include <utility>

namespace ipc::port {

using Service = wire::RequestResponseSettings;

namespace {

ReceivingSettings receiving_settings(const Service& service, const ServerSettings& settings) {
    return {.sample = service.request_block(),
            .connection = service.connection().requests,
            .max_borrowed = static_cast<std::uint32_t>(service.max_active_requests_per_client),
            .max_senders = service.max_clients,
            .history_entries = 0,
            .overflows = service.request_overflow,
            .residence = settings.residence,
            .degradation_handler = settings.degradation_handler};
}

SendingSettings sending_settings(const Service& service, const ServerSettings& settings) {
    const layout::Data data =
        service.response_data(settings.max_loaned_responses_per_request, settings.max_slice_len.value_or(1));
    return {.block = service.response_block(),
            .data = data,
            .max_loaned = data.chunk_count,  // each request has its own limit
            .max_slice_len = settings.max_slice_len.value_or(1),
            .overflow = service.response_overflow,
            .thread_safe = settings.thread_safe,
            .residence = settings.residence,
            .huge_pages = settings.huge_pages,
            .allocation = settings.allocation,
            .strategy = settings.strategy,
            .backpressure_handler = settings.backpressure_handler,
            .degradation_handler = settings.degradation_handler};
}

std::atomic<std::uint64_t>& word(std::atomic<std::uint64_t>* record, layout::ServerCounter counter) {
    return record[static_cast<std::size_t>(counter)];
}

SendingCounters counters_of(std::atomic<std::uint64_t>* record) {
    using Counter = layout::ServerCounter;
    return {.sent = word(record, Counter::sent),
            .delivered = word(record, Counter::delivered),
            .lost = word(record, Counter::dropped),
            .blocked = word(record, Counter::blocked),
            .loaned = word(record, Counter::loaned),
            .cut = record[static_cast<std::size_t>(layout::SubscriberCounter::cut)]};
}

}  // namespace

ServerPort::ServerPort(std::shared_ptr<detail::ServiceHandle> service, const ServerSettings& settings,
                       const wire::PortCreated& created, shm::Mapping data)
    : SamplePort{service, created, receiving_settings(service->settings<Service>(), settings),
                 SharedHandle::Sleepers::several},
      SendingPort{*service->session(),
                  created.port,
                  sending_settings(service->settings<Service>(), settings),
                  counters_of(service->session()->counters(created.record)),
                  std::move(data),
                  own_handle_},
      layout_{service->settings<Service>().connection()},
      max_loaned_per_request_{settings.max_loaned_responses_per_request},
      ended_{word(counters(created.record), layout::ServerCounter::ended)} {}

tl::expected<ServerPort*, control::CallFailure> ServerPort::create(
    std::shared_ptr<detail::ServiceHandle> service, const std::string& name, ServerSettings settings) {
    wire::CreatePort request;
    request.service = service->service_id();
    request.name = name;
    request.settings =
        wire::ServerSettings{.max_loaned_responses_per_request = settings.max_loaned_responses_per_request,
                             .backpressure = backpressure_of(settings.strategy),
                             .max_slice_len = settings.max_slice_len,
                             .huge_pages = said(settings.huge_pages),
                             .allocation = allocation_of(settings.allocation)};
    const std::uint64_t size = layout::file_size(
        service->settings<Service>()
            .response_data(settings.max_loaned_responses_per_request, settings.max_slice_len.value_or(1))
            .size,
        settings.huge_pages);

    const auto make = [&](const wire::PortCreated& created, const std::optional<shm::MemoryFile>& segment)
        -> tl::expected<std::shared_ptr<ServerPort>, std::string> {
        auto data = map_data(segment, size, settings.residence);
        if (!data) return tl::unexpected{std::move(data.error())};
        return std::make_shared<ServerPort>(service, settings, created, std::move(*data));
    };
    auto port = build_port<ServerPort>(*service->session(), request, make);
    if (!port) return tl::unexpected{std::move(port.error())};
    (*port)->own(*port);
    return port->get();
}

std::optional<std::string> ServerPort::why_unfit(const wire::ConnectionOffered& offered) const {
    return why_unfit_for(offered, service());
}

std::string ServerPort::why_no_place() const {
    return "requests of " + std::to_string(used()) +
           " clients that are gone are still active; drop them to connect to a new client";
}

// Where responses go first: a request that comes in can be answered.
tl::expected<void, std::string> ServerPort::connect(control::Offer offer) {
    if (auto why = why_unfit(offer.details)) return tl::unexpected{std::move(*why)};
    auto mapping = map_connection(offer.connection_segment, layout_.size, SendingPort::residence());
    if (!mapping) return tl::unexpected{std::move(mapping.error())};
    const wire::Uuid id = offer.details.connection;
    auto lanes = std::make_shared<OutgoingLanes>(offer, std::move(*mapping), layout_,
                                                 written_counter(session(), offer.details.record));
    for (const std::uint32_t number : offer.taken) lanes->note_segment(number);
    inbox_.add(std::move(lanes));
    auto connected = SamplePort::connect(std::move(offer));
    if (!connected) inbox_.end(id);
    return connected;
}

void ServerPort::disconnect(wire::Uuid connection, wire::RemovalReason reason) {
    inbox_.end(connection);
    SamplePort::disconnect(connection, reason);
}

void ServerPort::wake_offered(wire::Uuid connection, shm::UniqueFd handle) {
    // One handle serves both directions: a response, and room for a request.
    if (auto copy = handle.duplicate()) SamplePort::wake_offered(connection, std::move(copy));
    OutgoingLanes* const half = inbox_.find(connection);
    if (half != nullptr && half->receiver_handle.take(std::move(handle), session()))
        for (OutgoingRing& lane : half->lanes) lane.sender.confirm_receiver_handle();
}

// The sender's own thread may wait for it, as it waits for room.
void ServerPort::segment_ready(wire::Uuid connection, std::uint32_t number) {
    if (auto* const half = inbox_.find(connection)) half->note_segment(number);
    own_handle_.wake();
}

void ServerPort::segment_begins(std::uint32_t number) {
    inbox_.for_each([&](OutgoingPeer& peer) { peer.forget_segment(number); });
}

void ServerPort::take_changes() {
    inbox_.take(
        [this](const Connection& added) {
            clients_.push_back(added);
            for (OutgoingRing& lane : added->lanes) add_ring(lane);
        },
        [this](const Connection& ended) {
            remove_rings(*ended);
            forget(*ended);
        });
}

// What is active of that client has nobody to answer to; and what a send is in the middle of stays until it
// is over.
void ServerPort::forget(const OutgoingPeer& peer) {
    for (ActiveSlot& slot : slots_)
        if (slot.client == &peer) {
            slot.client = nullptr;
            slot.lane = nullptr;
        }
    const auto found = std::find_if(clients_.begin(), clients_.end(),
                                    [&](const Connection& client) { return client.get() == &peer; });
    if (found == clients_.end()) return;
    leaving_.push_back(std::move(*found));
    clients_.erase(found);
}

void ServerPort::close() {
    SamplePort::close();
}

}  // namespace ipc::port
