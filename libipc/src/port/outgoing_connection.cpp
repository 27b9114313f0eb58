// SPDX-License-Identifier: Apache-2.0
#include "port/outgoing_connection.hpp"

#include <utility>

namespace ipc::port {

tl::expected<shm::Mapping, std::string> map_connection(const shm::MemoryFile& segment, std::uint64_t size,
                                                       shm::Residence residence) {
    auto mapping = shm::Mapping::map(segment, size, shm::Access::ReadWrite);
    if (!mapping) return tl::unexpected{"the connection cannot be mapped: " + mapping.error().message()};
    if (auto made = shm::make_resident(mapping->data(), mapping->size(), segment, residence); !made)
        return tl::unexpected{"the connection cannot be prefaulted: " + made.error().message()};
    return std::move(*mapping);
}

OutgoingConnection::OutgoingConnection(const control::Offer& offer, shm::Mapping mapped,
                                       const layout::Connection& layout, Counter written)
    : OutgoingPeer{offer.details.connection, offer.details.peer_port},
      segment{std::move(mapped)},
      ring{*this, segment.data(), layout, written, wake_fence_towards(offer)} {}

tl::expected<layout::Connection, std::string> layout_of_offered(
    const wire::ConnectionOffered& offered, const wire::PublishSubscribeSettings& settings) {
    const auto* ring = std::get_if<wire::DeliveryConnection>(&offered.settings);
    if (ring == nullptr)
        return tl::unexpected{std::string{"the connection that the broker offers is none of samples"}};
    if (ring->buffer_size == 0 || ring->buffer_size > settings.subscriber_max_buffer_size ||
        ring->max_borrowed != settings.subscriber_max_borrowed_samples)
        return tl::unexpected{"the connection that the broker offers has a buffer of " +
                              std::to_string(ring->buffer_size) + " and " +
                              std::to_string(ring->max_borrowed) + " borrows, the service allows " +
                              std::to_string(settings.subscriber_max_buffer_size) + " and " +
                              std::to_string(settings.subscriber_max_borrowed_samples)};
    return layout::connection(ring->buffer_size, ring->max_borrowed, settings.sample().slot_size());
}

}  // namespace ipc::port
