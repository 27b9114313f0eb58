// SPDX-License-Identifier: Apache-2.0
// A subscriber's port: how it begins and ends, and what the control thread has for it.
#include "port/subscriber_port.hpp"

#include "port/built_port.hpp"

#include <utility>

namespace ipc::port {

using Samples = wire::PublishSubscribeSettings;

SubscriberPort::SubscriberPort(std::shared_ptr<detail::ServiceHandle> service, SubscriberSettings settings,
                               const wire::PortCreated& created)
    : ReceivingPort{service, created.port, service->settings<Samples>().max_publishers},
      record_{counters(created.record)},
      sample_{service->settings<Samples>().sample()},
      layout_{layout::connection(created.buffer_size,
                                 service->settings<Samples>().subscriber_max_borrowed_samples,
                                 sample_.slot_size())},
      settings_{std::move(settings)} {
    for (std::size_t i = 0; i < layout::subscriber_counters.size(); ++i)
        record_[i].store(0, std::memory_order_relaxed);
}

tl::expected<SubscriberPort*, control::CallFailure> SubscriberPort::create(
    std::shared_ptr<detail::ServiceHandle> service, const std::string& name, SubscriberSettings settings) {
    wire::CreatePort request;
    request.service = service->service_id();
    request.name = name;
    request.settings = wire::SubscriberSettings{.buffer_size = settings.buffer_size,
                                                .history_request = settings.history_request};

    const auto make = [&](const wire::PortCreated& created, const std::optional<shm::MemoryFile>&)
        -> tl::expected<std::shared_ptr<SubscriberPort>, std::string> {
        if (created.buffer_size == 0 ||
            created.buffer_size > service->settings<Samples>().subscriber_max_buffer_size)
            return tl::unexpected{"the broker gave the subscriber a buffer of " +
                                  std::to_string(created.buffer_size) + ", the service allows " +
                                  std::to_string(service->settings<Samples>().subscriber_max_buffer_size)};
        return std::make_shared<SubscriberPort>(service, std::move(settings), created);
    };
    auto port = build_port<SubscriberPort>(*service->session(), request, make);
    if (!port) return tl::unexpected{std::move(port.error())};
    (*port)->own(*port);
    return port->get();
}

std::optional<std::string> SubscriberPort::why_unfit(const wire::ConnectionOffered& offered) const {
    const auto* ring = std::get_if<wire::DeliveryConnection>(&offered.settings);
    if (ring == nullptr) return "the connection that the broker offers is none of samples";
    if (ring->buffer_size == layout_.buffer_size && ring->max_borrowed == max_borrowed()) return std::nullopt;
    return "the connection that the broker offers has a buffer of " + std::to_string(ring->buffer_size) +
           ", the subscriber has " + std::to_string(layout_.buffer_size);
}

void SubscriberPort::refuse_politely(const control::Offer& offer) const {
    auto range = shm::AddressRange::reserve(layout_.size);
    if (!range || !range->map(offer.connection_segment)) return;
    ring::DeliveryReceiver<ring::StdAtomics>{range->data(), layout_}.close();
}

std::string SubscriberPort::why_no_place() const {
    return "samples of " + std::to_string(used()) +
           " publishers that are gone are still held; release them to connect to a new publisher";
}

void SubscriberPort::settle(Place& place) {
    std::uint64_t before = settled_.load(std::memory_order_relaxed);
    while (!settled_.compare_exchange_weak(before, layout::sum(before, place.sequences_seen()),
                                           std::memory_order_relaxed)) {
    }
    place.forget_sequences();
    note_missed();
}

std::uint64_t SubscriberPort::missed() const {
    std::uint64_t sent = settled_.load(std::memory_order_relaxed);
    const std::size_t count_of_places = used();
    // What publishers claim to have sent never adds up to less.
    for (std::size_t i = 0; i < count_of_places; ++i) sent = layout::sum(sent, places_[i]->sequences_seen());
    const std::uint64_t received = turns().received;
    // Threads that are counting just now, or a publisher that lies about its numbers.
    return sent > received ? sent - received : 0;
}

Turns SubscriberPort::turns() const {
    Turns sum;
    const std::size_t count_of_places = used();
    for (std::size_t i = 0; i < count_of_places; ++i) {
        const Turns here = places_[i]->turns();
        sum.received += here.received;
        sum.returned += here.returned;
    }
    return sum;
}

// One thread at a time, for a slow one would put an older sum over a newer.
void SubscriberPort::recount() {
    if (recounting_.exchange(true, std::memory_order_acquire)) return;  // pairs with the end of this
    // Acquire: pairs with count_for_status(): whoever's mark this takes back, his turn is in the sum.
    (void)counted_.exchange(false, std::memory_order_acquire);
    const Turns sum = turns();
    count(layout::SubscriberCounter::received).store(sum.received, std::memory_order_relaxed);
    count(layout::SubscriberCounter::returned).store(sum.returned, std::memory_order_relaxed);
    recounting_.store(false, std::memory_order_release);
}

void SubscriberPort::report_cut(const Ended& ended) {
    count(layout::SubscriberCounter::cut).fetch_add(1, std::memory_order_relaxed);
    const std::string detail =
        "the publisher wrote a publication, a position or a descriptor that it cannot have published";
    service_->session()->report_cut(ended.connection, detail);
    if (settings_.degradation_handler)
        settings_.degradation_handler({.port = {id_.high, id_.low},
                                       .peer = {ended.publisher.high, ended.publisher.low},
                                       .detail = detail});
}

}  // namespace ipc::port
