// SPDX-License-Identifier: Apache-2.0
#include "port/outgoing_connection.hpp"

#include "layout/counters.hpp"

#include <utility>

namespace ipc::port {

OutgoingConnection::OutgoingConnection(const wire::ConnectionOffered& details, shm::Mapping mapped,
                                       const layout::Connection& connection,
                                       std::atomic<std::uint64_t>& written_word)
    : id{details.connection},
      peer_port{details.peer_port},
      segment{std::move(mapped)},
      sender{segment.data(), connection},
      written{written_word} {}

tl::expected<std::shared_ptr<OutgoingConnection>, std::string> OutgoingConnection::map(
    const control::Offer& offer, const wire::PublishSubscribeSettings& settings, control::Session& session) {
    const wire::ConnectionOffered& details = offer.details;
    const auto* ring = std::get_if<wire::DeliveryConnection>(&details.settings);
    if (ring == nullptr)
        return tl::unexpected{std::string{"the connection that the broker offers is none of samples"}};
    if (ring->buffer_size == 0 || ring->buffer_size > settings.subscriber_max_buffer_size ||
        ring->max_borrowed != settings.subscriber_max_borrowed_samples)
        return tl::unexpected{"the connection that the broker offers has a buffer of " +
                              std::to_string(ring->buffer_size) + " and " +
                              std::to_string(ring->max_borrowed) + " borrows, the service allows " +
                              std::to_string(settings.subscriber_max_buffer_size) + " and " +
                              std::to_string(settings.subscriber_max_borrowed_samples)};
    const layout::Connection connection =
        layout::connection(ring->buffer_size, ring->max_borrowed, settings.sample().slot_size());
    auto mapping = shm::Mapping::map(offer.connection_segment, connection.size, shm::Access::ReadWrite);
    if (!mapping) return tl::unexpected{"the connection cannot be mapped: " + mapping.error().message()};
    auto result = std::make_shared<OutgoingConnection>(
        details, std::move(*mapping), connection,
        session.counters(details.record)[static_cast<std::size_t>(layout::SendingHalfCounter::written)]);
    result->sender.set_wake_fence(wake_fence_towards(offer));
    return result;
}

}  // namespace ipc::port
