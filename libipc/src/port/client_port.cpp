// SPDX-License-Identifier: Apache-2.0
// A client's port: how it begins and ends, and what the control thread has for it.
#include "port/client_port.hpp"

#include "port/built_port.hpp"
#include "port/request_offers.hpp"

#include <utility>

namespace ipc::port {

using Service = wire::RequestResponseSettings;

namespace {

SendingSettings sending_settings(const Service& service, const ClientSettings& settings) {
    return {.block = service.request_block(),
            .data = service.request_data(settings.max_slice_len.value_or(1)),
            .max_loaned = service.max_loaned_requests,
            .max_slice_len = settings.max_slice_len.value_or(1),
            .overflow = service.request_overflow,
            .thread_safe = settings.thread_safe,
            .residence = settings.residence,
            .huge_pages = settings.huge_pages,
            .allocation = settings.allocation,
            .strategy = settings.strategy,
            .backpressure_handler = settings.backpressure_handler,
            .degradation_handler = settings.degradation_handler};
}

}  // namespace

ClientPort::ClientPort(std::shared_ptr<detail::ServiceHandle> service, ClientSettings settings,
                       const wire::PortCreated& created, shm::Mapping data)
    : Base{service, created.port, service->settings<Service>().max_servers, SharedHandle::Sleepers::several},
      SendingPort{*service->session(),
                  created.port,
                  sending_settings(service->settings<Service>(), settings),
                  first_counters(service->session()->counters(created.record)),
                  std::move(data),
                  own_handle_},
      layout_{service->settings<Service>().connection()},
      response_{service->settings<Service>().response_block()},
      waits_for_room_{!service->settings<Service>().response_overflow},
      record_{counters(created.record)},
      under_way_{static_cast<std::uint32_t>(layout_.lane_count)},
      settings_{std::move(settings)} {
    for (std::size_t i = layout::publisher_counters.size(); i < layout::client_counters.size(); ++i)
        record_[i].store(0, std::memory_order_relaxed);
    rings_.reserve(static_cast<std::size_t>(this->service().max_servers));
    targets_.reserve(static_cast<std::size_t>(this->service().max_servers));
    attempts_.reserve(static_cast<std::size_t>(this->service().max_servers));
    for (std::uint32_t i = 0; i < layout_.lane_count; ++i)
        requests_.push_back(std::make_unique<PendingRequest>(*this, i, own_handle_));
    under_way_.open();
}

tl::expected<ClientPort*, control::CallFailure> ClientPort::create(
    std::shared_ptr<detail::ServiceHandle> service, const std::string& name, ClientSettings settings) {
    wire::CreatePort request;
    request.service = service->service_id();
    request.name = name;
    request.settings = wire::ClientSettings{.backpressure = backpressure_of(settings.strategy),
                                            .max_slice_len = settings.max_slice_len,
                                            .huge_pages = said(settings.huge_pages),
                                            .allocation = allocation_of(settings.allocation)};
    const std::uint64_t size =
        layout::file_size(service->settings<Service>().request_data(settings.max_slice_len.value_or(1)).size,
                          settings.huge_pages);

    const auto make = [&](const wire::PortCreated& created, const std::optional<shm::MemoryFile>& segment)
        -> tl::expected<std::shared_ptr<ClientPort>, std::string> {
        auto data = map_data(segment, size, settings.residence);
        if (!data) return tl::unexpected{std::move(data.error())};
        return std::make_shared<ClientPort>(service, std::move(settings), created, std::move(*data));
    };
    auto port = build_port<ClientPort>(*service->session(), request, make);
    if (!port) return tl::unexpected{std::move(port.error())};
    (*port)->own(*port);
    return port->get();
}

std::optional<std::string> ClientPort::why_unfit(const wire::ConnectionOffered& offered) const {
    return why_unfit_for(offered, service());
}

std::string ClientPort::why_no_place() const {
    return "requests to " + std::to_string(used()) +
           " servers that are gone are still under way, or responses of theirs held; drop them to connect to "
           "a new server";
}

// Where responses come first: a request that goes out can be answered.
tl::expected<void, std::string> ClientPort::connect(control::Offer offer) {
    if (auto why = why_unfit(offer.details)) return tl::unexpected{std::move(*why)};
    auto connection = OutgoingConnection::map<RequestConnection>(offer, layout_.size, layout_.requests,
                                                                 talk(), residence());
    if (!connection) return tl::unexpected{std::move(connection.error())};
    for (const std::uint32_t number : offer.taken) (*connection)->note_segment(number);
    const wire::Uuid id = offer.details.connection;
    if (auto connected = Base::connect(std::move(offer)); !connected) return connected;
    ResponsePlace* const place = find(id);
    if (place == nullptr) return {};  // the client is closed, and sends nothing
    (*connection)->place = place;
    (*connection)->served = place->served();
    inbox_.add(std::move(*connection));
    return {};
}

void ClientPort::disconnect(wire::Uuid connection, wire::RemovalReason reason) {
    inbox_.end(connection);
    Base::disconnect(connection, reason);
}

void ClientPort::wake_offered(wire::Uuid connection, shm::UniqueFd handle) {
    // One handle serves both directions: a request, and room in a lane.
    if (auto copy = handle.duplicate()) Base::wake_offered(connection, std::move(copy));
    RequestConnection* const half = inbox_.find(connection);
    if (half != nullptr && half->receiver_handle.take(std::move(handle), talk()))
        half->ring.sender.confirm_receiver_handle();
}

// The sender's own thread may wait for it, as it waits for room.
void ClientPort::segment_ready(wire::Uuid connection, std::uint32_t number) {
    if (auto* const half = inbox_.find(connection)) half->note_segment(number);
    own_handle_.wake();
}

void ClientPort::segment_begins(std::uint32_t number) {
    inbox_.for_each([&](OutgoingPeer& peer) { peer.forget_segment(number); });
}

void ClientPort::report_cut(wire::Uuid connection, wire::Uuid server) {
    const std::string detail =
        "the server wrote a publication, a position or a descriptor that it cannot have published";
    record_[static_cast<std::size_t>(layout::PublisherCounter::cut)].fetch_add(1, std::memory_order_relaxed);
    session().report_cut(connection, detail);
    if (settings_.degradation_handler)
        settings_.degradation_handler(
            {.port = {id_.high, id_.low}, .peer = {server.high, server.low}, .detail = detail});
}

void ClientPort::take_changes() {
    inbox_.take(
        [this](const Connection& added) {
            added->ring.sender.publish_first_live(sent_.value() + 1);
            if (added->ring.sender.receiver_wants_wake()) added->receiver_handle.wake();
            connections_.push_back(added);
            add_ring(added->ring);
        },
        [this](const Connection& ended) {
            remove_rings(*ended);
            forget(*ended);
        });
}

// What a send is in the middle of stays until it is over.
void ClientPort::forget(const OutgoingPeer& peer) {
    for (auto at = connections_.begin(); at != connections_.end(); ++at) {
        if (at->get() != &peer) continue;
        leaving_.push_back(std::move(*at));
        connections_.erase(at);
        return;
    }
}

void ClientPort::close() {
    if (is_forked_copy()) return;
    auto lock = lock_if_shared();
    open_ = false;
    end_if_unused(std::move(lock));
}

// After this the port may be gone.
void ClientPort::end_if_unused(std::unique_lock<std::mutex> lock) {
    if (open_ || loaned_.value() != 0) return;
    if (under_way_.is_closed()) return;
    const bool nothing_under_way = under_way_.close();
    if (lock) lock.unlock();
    if (nothing_under_way) finish();
}

void ClientPort::finished(PendingRequest& request) {
    if (request.kept != ring::no_chunk) {
        const auto lock = lock_if_shared();
        give_back(std::exchange(request.kept, ring::no_chunk));
    }
    // Before the release: after it the port may be gone.
    count_active(under_way_.held() - 1);
    if (under_way_.release(request.lane())) finish();
}

}  // namespace ipc::port
