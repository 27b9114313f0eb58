// SPDX-License-Identifier: Apache-2.0
// A port that receives samples: how it begins and ends, what it counts, and what it says of a sender that
// lies.
#include "port/sample_port.hpp"

#include <utility>

namespace ipc::port {

SamplePort::SamplePort(std::shared_ptr<detail::ServiceHandle> service, const wire::PortCreated& created,
                       ReceivingSettings settings, SharedHandle::Sleepers sleepers)
    : ReceivingPort{std::move(service), created.port, settings.max_senders, sleepers},
      record_{counters(created.record)},
      settings_{std::move(settings)} {
    for (std::size_t i = 0; i < layout::subscriber_counters.size(); ++i)
        record_[i].store(0, std::memory_order_relaxed);
}

void SamplePort::refuse_politely(const control::Offer& offer) const {
    auto range = shm::AddressRange::reserve(layout().size);
    if (!range || !range->map(offer.connection_segment)) return;
    ring::DeliveryReceiver<ring::StdAtomics>{range->data(), layout()}.close();
}

void SamplePort::settle(Place& place) {
    std::uint64_t before = settled_.load(std::memory_order_relaxed);
    while (!settled_.compare_exchange_weak(before, layout::sum(before, place.sequences_seen()),
                                           std::memory_order_relaxed)) {
    }
    place.forget_sequences();
    note_missed();
}

std::uint64_t SamplePort::missed() const {
    std::uint64_t sent = settled_.load(std::memory_order_relaxed);
    const std::size_t count_of_places = used();
    // What publishers claim to have sent never adds up to less.
    for (std::size_t i = 0; i < count_of_places; ++i) sent = layout::sum(sent, places_[i]->sequences_seen());
    const std::uint64_t received = turns().received;
    // Threads that are counting just now, or a publisher that lies about its numbers.
    return sent > received ? sent - received : 0;
}

Turns SamplePort::turns() const {
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
void SamplePort::recount() {
    if (recounting_.exchange(true, std::memory_order_acquire)) return;  // pairs with the end of this
    // Acquire: pairs with count_for_status(): whoever's mark this takes back, his turn is in the sum.
    (void)counted_.exchange(false, std::memory_order_acquire);
    const Turns sum = turns();
    count(layout::SubscriberCounter::received).store(sum.received, std::memory_order_relaxed);
    count(layout::SubscriberCounter::returned).store(sum.returned, std::memory_order_relaxed);
    recounting_.store(false, std::memory_order_release);
}

void SamplePort::report_cut(const Ended& ended) {
    count(layout::SubscriberCounter::cut).fetch_add(1, std::memory_order_relaxed);
    const std::string detail =
        std::string{"the "} + sender_name() +
        " wrote a publication, a position or a descriptor that it cannot have published";
    service_->session()->report_cut(ended.connection, detail);
    if (settings_.degradation_handler)
        settings_.degradation_handler(
            {.port = {id_.high, id_.low}, .peer = {ended.sender.high, ended.sender.low}, .detail = detail});
}

}  // namespace ipc::port
