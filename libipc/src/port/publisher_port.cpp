// SPDX-License-Identifier: Apache-2.0
#include "port/publisher_port.hpp"

#include "layout/counters.hpp"
#include "port/built_port.hpp"

#include <bit>
#include <utility>

namespace ipc::port {

using Samples = wire::PublishSubscribeSettings;

namespace {

// Touching this much at most is cheaper than looking at flags for every loan: each look takes cache lines
// away from the receivers.
constexpr std::uint64_t paid_at_once = 64 * 1024;

std::atomic<std::uint64_t>& word(detail::ServiceHandle& service, const wire::PortCreated& created,
                                 layout::PublisherCounter counter) {
    return service.session()->counters(created.record)[static_cast<std::size_t>(counter)];
}

}  // namespace

PublisherPort::PublisherPort(std::shared_ptr<detail::ServiceHandle> service, PublisherSettings settings,
                             const wire::PortCreated& created, shm::Mapping data)
    : thread_safe_{settings.thread_safe},
      in_slot_{service->settings<Samples>().sample().fits_slot()},
      overflow_{service->settings<Samples>().safe_overflow},
      plain_{!service->settings<Samples>().timestamps && service->settings<Samples>().history_size == 0},
      unit_shift_{static_cast<std::uint32_t>(std::countr_zero(service->settings<Samples>().sample().unit()))},
      block_words_{
          static_cast<std::uint32_t>(service->settings<Samples>().sample().size / sizeof(std::uint64_t))},
      payload_offset_{service->settings<Samples>().sample().payload_offset},
      last_word_{service->settings<Samples>().sample().size - sizeof(std::uint64_t)},
      max_loaned_{settings.max_loaned_samples},
      segment_{data.data()},
      sent_{word(*service, created, layout::PublisherCounter::sent)},
      delivered_{word(*service, created, layout::PublisherCounter::delivered)},
      loaned_{word(*service, created, layout::PublisherCounter::loaned)},
      books_{service->settings<Samples>().data(max_loaned_).chunks,
             service->settings<Samples>().sample().chunk_size(),
             static_cast<std::uint32_t>(service->settings<Samples>().data(max_loaned_).chunk_count),
             layout::page_size, service->settings<Samples>().data(max_loaned_).chunks + paid_at_once},
      lost_{word(*service, created, layout::PublisherCounter::lost)},
      blocked_{word(*service, created, layout::PublisherCounter::blocked)},
      cut_{word(*service, created, layout::PublisherCounter::cut)},
      sample_{service->settings<Samples>().sample()},
      data_{std::move(data)},
      settings_{std::move(settings)},
      id_{created.port},
      service_{std::move(service)} {
    connections_.reserve(service_->settings<Samples>().max_subscribers);
    if (const auto entries = service_->settings<Samples>().data(max_loaned_).history_entries; entries != 0)
        history_.emplace(data_.data(), entries);
}

tl::expected<PublisherPort*, control::CallFailure> PublisherPort::create(
    std::shared_ptr<detail::ServiceHandle> service, const std::string& name, PublisherSettings settings) {
    wire::CreatePort request;
    request.service = service->service_id();
    request.name = name;
    request.settings =
        wire::PublisherSettings{.max_loaned_samples = settings.max_loaned_samples,
                                .backpressure = settings.strategy == BackpressureStrategy::DiscardData
                                                    ? wire::Backpressure::DiscardData
                                                    : wire::Backpressure::RetryUntilDelivered};

    const auto make = [&](const wire::PortCreated& created, const std::optional<shm::MemoryFile>& segment)
        -> tl::expected<std::shared_ptr<PublisherPort>, std::string> {
        if (!segment) return tl::unexpected{std::string{"the broker gave the publisher no data segment"}};
        auto data =
            shm::Mapping::map(*segment, service->settings<Samples>().data(settings.max_loaned_samples).size,
                              shm::Access::ReadWrite);
        if (!data)
            return tl::unexpected{"the publisher's data segment cannot be mapped: " + data.error().message()};
        return std::make_shared<PublisherPort>(service, std::move(settings), created, std::move(*data));
    };
    auto port = build_port<PublisherPort>(*service->session(), request, make);
    if (!port) return tl::unexpected{std::move(port.error())};
    (*port)->self_ = *port;
    return port->get();
}

tl::expected<void, std::string> PublisherPort::connect(control::Offer offer) {
    auto connection = OutgoingConnection::map(offer, service_->settings<Samples>(), *service_->session());
    if (!connection) return tl::unexpected{std::move(connection.error())};
    inbox_.add(std::move(*connection));
    return {};
}

void PublisherPort::disconnect(wire::Uuid connection, wire::RemovalReason /*reason*/) {
    if (inbox_.end(connection)) own_handle_.wake();  // it may wait for room in this one's ring
}

void PublisherPort::wake_offered(wire::Uuid connection, shm::UniqueFd handle) {
    OutgoingConnection* const half = inbox_.find(connection);
    if (half != nullptr && half->receiver_handle.take(std::move(handle), *service_->session()))
        half->sender.confirm_receiver_handle();
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
