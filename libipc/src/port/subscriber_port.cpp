// SPDX-License-Identifier: Apache-2.0
// A subscriber's port: how it begins and ends, and what the control thread has for it.
#include "port/subscriber_port.hpp"

#include "port/call_deadline.hpp"

#include <utility>

namespace ipc::port {

namespace {

// As many again as there can be publishers: for those that are gone while samples of theirs are still held or
// not received yet.
std::size_t place_count(const wire::PublishSubscribeSettings& service) {
    return 2 * static_cast<std::size_t>(service.max_publishers) + 2;
}

}  // namespace

SubscriberPort::SubscriberPort(std::shared_ptr<detail::ServiceHandle> service, SubscriberSettings settings,
                               const wire::PortCreated& created)
    : places_(place_count(service->settings())),
      record_{service->session()->counters(created.record)},
      payload_size_{service->settings().payload.size},
      sample_{service->settings().sample()},
      layout_{layout::connection(created.buffer_size, service->settings().subscriber_max_borrowed_samples,
                                 sample_.slot_size())},
      settings_{std::move(settings)},
      id_{created.port},
      service_{std::move(service)} {
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

    std::shared_ptr<SubscriberPort> port;
    const auto build = [&](const wire::PortCreated& created, const std::optional<shm::MemoryFile>&)
        -> tl::expected<std::shared_ptr<control::PortLink>, std::string> {
        if (created.buffer_size == 0 || created.buffer_size > service->settings().subscriber_max_buffer_size)
            return tl::unexpected{"the broker gave the subscriber a buffer of " +
                                  std::to_string(created.buffer_size) + ", the service allows " +
                                  std::to_string(service->settings().subscriber_max_buffer_size)};
        port = std::make_shared<SubscriberPort>(service, std::move(settings), created);
        return port;
    };
    auto created = service->session()->create_port(request, build, call_deadline());
    if (!created) return tl::unexpected{std::move(created.error())};
    port->self_ = port;
    return port.get();
}

tl::expected<void, std::string> SubscriberPort::connect(control::Offer offer) {
    const std::lock_guard lock{closing_};
    const auto* ring = std::get_if<wire::DeliveryConnection>(&offer.details.settings);
    if (ring == nullptr)
        return tl::unexpected{std::string{"the connection that the broker offers is none of samples"}};
    if (ring->buffer_size != layout_.buffer_size || ring->max_borrowed != max_borrowed())
        return tl::unexpected{"the connection that the broker offers has a buffer of " +
                              std::to_string(ring->buffer_size) + ", the subscriber has " +
                              std::to_string(layout_.buffer_size)};
    if (closed_) {
        refuse_politely(offer);
        return {};
    }
    auto place = place_for_connection();
    if (!place) return tl::unexpected{std::move(place.error())};
    users_.fetch_add(1, std::memory_order_relaxed);
    if (auto connected = (*place)->connect(offer, ring->history_request); !connected) {
        users_.fetch_sub(1, std::memory_order_relaxed);  // the Subscriber is there: not the last
        return connected;
    }
    // Its wake word was not raised with the others.
    armed_.store(false, std::memory_order_relaxed);
    own_handle_.wake();
    return {};
}

// The Subscriber is gone, and only samples of it are held: the publisher learns that nobody takes his.
void SubscriberPort::refuse_politely(const control::Offer& offer) const {
    auto range = shm::AddressRange::reserve(layout_.size);
    if (!range || !range->map(offer.connection_segment)) return;
    ring::DeliveryReceiver<ring::StdAtomics>{range->data(), layout_}.close();
}

tl::expected<Place*, std::string> SubscriberPort::place_for_connection() {
    const std::size_t count = used();
    for (std::size_t i = 0; i < count; ++i)
        if (places_[i]->state() == Place::State::Free) return places_[i].get();
    if (count < places_.size()) return new_place();
    // What dead publishers left and nobody came for makes room.
    for (const auto& place : places_)
        if (place->state() == Place::State::Draining && !place->is_held() && place->close() &&
            place->state() == Place::State::Free)
            return place.get();
    return tl::unexpected{
        "samples of " + std::to_string(places_.size()) +
        " publishers that are gone are still held; release them to connect to a new publisher"};
}

tl::expected<Place*, std::string> SubscriberPort::new_place() {
    auto place = Place::create(*this);
    if (!place) return tl::unexpected{std::move(place.error())};
    const std::size_t index = used_.load(std::memory_order_relaxed);
    places_[index] = std::move(*place);
    used_.store(index + 1, std::memory_order_release);  // pairs with used()
    return places_[index].get();
}

Place* SubscriberPort::find(wire::Uuid connection) {
    const std::size_t count = used();
    for (std::size_t i = 0; i < count; ++i)
        if (places_[i]->is_connected() && places_[i]->connection() == connection) return places_[i].get();
    return nullptr;
}

void SubscriberPort::disconnect(wire::Uuid connection, wire::RemovalReason reason) {
    {
        const std::lock_guard lock{closing_};
        Place* const place = find(connection);
        if (place == nullptr) return;
        if (reason == wire::RemovalReason::Cut)
            place->close();
        else
            place->drain();
    }
    own_handle_.wake();
}

void SubscriberPort::wake_offered(wire::Uuid connection, shm::UniqueFd handle) {
    const std::lock_guard lock{closing_};
    Place* const place = find(connection);
    if (place == nullptr) return;
    place->take_sender_handle(std::move(handle), *service_->session());
}

void SubscriberPort::settle(Place& place) {
    settled_.fetch_add(place.sequences_seen(), std::memory_order_relaxed);
    place.forget_sequences();
    note_missed();
}

std::uint64_t SubscriberPort::missed() const {
    std::uint64_t sent = settled_.load(std::memory_order_relaxed);
    const std::size_t count_of_places = used();
    for (std::size_t i = 0; i < count_of_places; ++i) sent += places_[i]->sequences_seen();
    const std::uint64_t received = count(layout::SubscriberCounter::received).load(std::memory_order_relaxed);
    // Threads that are counting just now, or a publisher that lies about its numbers.
    return sent > received ? sent - received : 0;
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

void SubscriberPort::close() {
    if (is_forked_copy()) return;
    {
        const std::lock_guard lock{closing_};
        closed_ = true;
        const std::size_t count_of_places = used();
        for (std::size_t i = 0; i < count_of_places; ++i) {
            places_[i]->say_closed();
            places_[i]->close();
        }
    }
    place_ended();
}

void SubscriberPort::place_ended() {
    // Release: what this user did is over. Acquire: for the last one.
    if (users_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    service_->session()->drop_port(id_);
    const auto self = std::move(self_);
}

}  // namespace ipc::port
