// SPDX-License-Identifier: Apache-2.0
#include "port/outgoing_events.hpp"

#include "layout/counters.hpp"

#include <utility>
#include <variant>

namespace ipc::port {

OutgoingEvents::OutgoingEvents(const wire::ConnectionOffered& details, shm::Mapping mapped,
                               const layout::EventConnection& connection,
                               std::atomic<std::uint64_t>& written_word)
    : id{details.connection},
      listener{details.peer_port},
      segment{std::move(mapped)},
      sender{segment.data(), connection},
      written{written_word} {}

tl::expected<std::shared_ptr<OutgoingEvents>, std::string> OutgoingEvents::map(
    const control::Offer& offer, const wire::EventSettings& settings, control::Session& session) {
    const wire::ConnectionOffered& details = offer.details;
    const auto* events = std::get_if<wire::EventConnection>(&details.settings);
    if (events == nullptr)
        return tl::unexpected{std::string{"the connection that the broker offers is none of events"}};
    if (events->event_id_max_value != settings.event_id_max_value)
        return tl::unexpected{"the connection that the broker offers has ids up to " +
                              std::to_string(events->event_id_max_value) + ", the service up to " +
                              std::to_string(settings.event_id_max_value)};
    const layout::EventConnection connection = layout::event_connection(settings.event_id_max_value);
    auto mapping = shm::Mapping::map(offer.connection_segment, connection.size, shm::Access::ReadWrite);
    if (!mapping) return tl::unexpected{"the connection cannot be mapped: " + mapping.error().message()};
    auto result = std::make_shared<OutgoingEvents>(
        details, std::move(*mapping), connection,
        session.counters(details.record)[static_cast<std::size_t>(layout::SendingHalfCounter::written)]);
    result->sender.set_wake_fence(wake_fence_towards(offer));
    return result;
}

}  // namespace ipc::port
