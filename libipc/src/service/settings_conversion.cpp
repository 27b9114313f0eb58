// SPDX-License-Identifier: Apache-2.0
#include "settings_conversion.hpp"

#include "service/schemas.hpp"

namespace ipc::detail {

wire::TypeDetail to_wire(const TypeDetail& type) {
    return {.name = type.name,
            .size = type.size,
            .alignment = type.alignment,
            .variant = type.variant == TypeVariant::FixedSize ? wire::TypeVariant::FixedSize
                                                              : wire::TypeVariant::Dynamic,
            .layout = type.layout.empty() ? std::nullopt : std::optional{type.layout}};
}

TypeDetail from_wire(const wire::TypeDetail& type) {
    return {.name = type.name,
            .size = type.size,
            .alignment = type.alignment,
            .variant =
                type.variant == wire::TypeVariant::FixedSize ? TypeVariant::FixedSize : TypeVariant::Dynamic,
            .layout = type.layout.value_or("")};
}

std::optional<std::chrono::nanoseconds> duration_of(const std::optional<std::uint64_t>& nanoseconds) {
    if (!nanoseconds) return std::nullopt;
    return std::chrono::nanoseconds{static_cast<std::int64_t>(*nanoseconds)};
}

PublishSubscribeStaticConfig from_wire(const wire::PublishSubscribeSettings& settings) {
    return {.payload = from_wire(settings.payload),
            .user_header = from_wire(settings.user_header),
            .payload_schema = from_wire(settings.payload_schema),
            .enable_safe_overflow = settings.safe_overflow,
            .enable_timestamps = settings.timestamps,
            .latched = settings.latched,
            .latched_for = duration_of(settings.kept_ns),
            .history_size = settings.history_size,
            .subscriber_max_buffer_size = settings.subscriber_max_buffer_size,
            .subscriber_max_borrowed_samples = settings.subscriber_max_borrowed_samples,
            .max_publishers = settings.max_publishers,
            .max_subscribers = settings.max_subscribers,
            .max_nodes = settings.max_nodes,
            .payload_alignment = settings.payload_alignment};
}

RequestResponseStaticConfig from_wire(const wire::RequestResponseSettings& settings) {
    return {
        .request = from_wire(settings.request),
        .request_user_header = from_wire(settings.request_header),
        .response = from_wire(settings.response),
        .response_user_header = from_wire(settings.response_header),
        .request_schema = from_wire(settings.request_schema),
        .response_schema = from_wire(settings.response_schema),
        .enable_safe_overflow_for_requests = settings.request_overflow,
        .enable_safe_overflow_for_responses = settings.response_overflow,
        .enable_fire_and_forget_requests = settings.fire_and_forget,
        .max_active_requests_per_client = settings.max_active_requests_per_client,
        .max_loaned_requests = settings.max_loaned_requests,
        .max_response_buffer_size = settings.max_response_buffer_size,
        .max_borrowed_responses_per_pending_response = settings.max_borrowed_responses_per_pending_response,
        .max_clients = settings.max_clients,
        .max_servers = settings.max_servers,
        .max_nodes = settings.max_nodes,
        .request_payload_alignment = settings.request_alignment,
        .response_payload_alignment = settings.response_alignment};
}

EventStaticConfig from_wire(const wire::EventSettings& settings) {
    EventStaticConfig config{.event_id_max_value = settings.event_id_max_value,
                             .max_notifiers = settings.max_notifiers,
                             .max_listeners = settings.max_listeners,
                             .max_nodes = settings.max_nodes};
    config.deadline = duration_of(settings.deadline_ns);
    if (settings.notifier_created_event)
        config.notifier_created_event.emplace(*settings.notifier_created_event);
    if (settings.notifier_dropped_event)
        config.notifier_dropped_event.emplace(*settings.notifier_dropped_event);
    if (settings.notifier_dead_event) config.notifier_dead_event.emplace(*settings.notifier_dead_event);
    return config;
}

}  // namespace ipc::detail
