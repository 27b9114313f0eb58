// SPDX-License-Identifier: Apache-2.0
#include "port/publisher_port.hpp"

#include "layout/counters.hpp"
#include "port/built_port.hpp"

#include <utility>

namespace ipc::port {

using Samples = wire::PublishSubscribeSettings;

namespace {

SendingSettings sending_settings(const Samples& service, PublisherSettings settings) {
    return {.block = service.sample(),
            .data = service.data(settings.max_loaned_samples, settings.max_slice_len.value_or(1)),
            .max_loaned = settings.max_loaned_samples,
            .max_slice_len = settings.max_slice_len.value_or(1),
            .overflow = service.safe_overflow,
            .thread_safe = settings.thread_safe,
            .residence = settings.residence,
            .huge_pages = settings.huge_pages,
            .allocation = settings.allocation,
            .strategy = settings.strategy,
            .backpressure_handler = std::move(settings.backpressure_handler),
            .degradation_handler = std::move(settings.degradation_handler)};
}

}  // namespace

// The handle is only referred to before it is there.
PublisherPort::PublisherPort(std::shared_ptr<detail::ServiceHandle> service, PublisherSettings settings,
                             const wire::PortCreated& created, shm::Mapping data)
    : SendingPort{*service->session(),
                  created.port,
                  sending_settings(service->settings<Samples>(), std::move(settings)),
                  first_counters(service->session()->counters(created.record)),
                  std::move(data),
                  own_handle_},
      special_{thread_safe_ || is_slice_},
      plain_{!service->settings<Samples>().timestamps && service->settings<Samples>().history_size == 0},
      id_{created.port},
      service_{std::move(service)} {
    rings_.reserve(static_cast<std::size_t>(this->service().max_subscribers));
    if (const auto entries = this->service().history_size; entries != 0)
        history_.emplace(segment_, entries + 1);
}

tl::expected<PublisherPort*, control::CallFailure> PublisherPort::create(
    std::shared_ptr<detail::ServiceHandle> service, const std::string& name, PublisherSettings settings) {
    wire::CreatePort request;
    request.service = service->service_id();
    request.name = name;
    request.settings = wire::PublisherSettings{.max_loaned_samples = settings.max_loaned_samples,
                                               .backpressure = backpressure_of(settings.strategy),
                                               .max_slice_len = settings.max_slice_len,
                                               .huge_pages = said(settings.huge_pages),
                                               .allocation = allocation_of(settings.allocation)};
    const std::uint64_t size =
        layout::file_size(service->settings<Samples>()
                              .data(settings.max_loaned_samples, settings.max_slice_len.value_or(1))
                              .size,
                          settings.huge_pages);

    const auto make = [&](const wire::PortCreated& created, const std::optional<shm::MemoryFile>& segment)
        -> tl::expected<std::shared_ptr<PublisherPort>, std::string> {
        auto data = map_data(segment, size, settings.residence);
        if (!data) return tl::unexpected{std::move(data.error())};
        return std::make_shared<PublisherPort>(service, std::move(settings), created, std::move(*data));
    };
    auto port = build_port<PublisherPort>(*service->session(), request, make);
    if (!port) return tl::unexpected{std::move(port.error())};
    (*port)->self_ = *port;
    return port->get();
}

tl::expected<void, std::string> PublisherPort::connect(control::Offer offer) {
    const auto layout = layout_of_offered(offer.details, service());
    if (!layout) return tl::unexpected{layout.error()};
    auto connection =
        OutgoingConnection::map(offer, layout->size, *layout, *service_->session(), residence());
    if (!connection) return tl::unexpected{std::move(connection.error())};
    for (const std::uint32_t number : offer.taken) (*connection)->note_segment(number);
    inbox_.add(std::move(*connection));
    return {};
}

void PublisherPort::disconnect(wire::Uuid connection, wire::RemovalReason /*reason*/) {
    if (inbox_.end(connection)) own_handle_.wake();  // it may wait for room in this one's ring
}

void PublisherPort::wake_offered(wire::Uuid connection, shm::UniqueFd handle) {
    OutgoingConnection* const half = inbox_.find(connection);
    if (half != nullptr && half->receiver_handle.take(std::move(handle), *service_->session()))
        half->ring.sender.confirm_receiver_handle();
}

// The sender's own thread may wait for it, as it waits for room.
void PublisherPort::segment_ready(wire::Uuid connection, std::uint32_t number) {
    if (auto* const half = inbox_.find(connection)) half->note_segment(number);
    own_handle_.wake();
}

void PublisherPort::segment_begins(std::uint32_t number) {
    inbox_.for_each([&](OutgoingPeer& peer) { peer.forget_segment(number); });
}

void PublisherPort::close() {
    if (is_forked_copy()) return;
    auto lock = lock_if_shared();
    open_ = false;
    end_if_unused(std::move(lock));
}

// After this the port may be gone.
void PublisherPort::end_if_unused(std::unique_lock<std::mutex> lock) {
    if (open_ || loaned_.value() != 0) return;
    if (lock) lock.unlock();
    service_->session()->drop_port(id_);
    const auto self = std::move(self_);
}

}  // namespace ipc::port
