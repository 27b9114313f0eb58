// SPDX-License-Identifier: Apache-2.0
#include "static_configs.hpp"

#include "service/settings_conversion.hpp"

#include <optional>

namespace ipc::detail {

using nlohmann::json;

namespace {

std::optional<std::uint64_t> number_or_null(const json& object, const char* name) {
    const json& value = object.at(name);
    if (value.is_null()) return std::nullopt;
    return value.get<std::uint64_t>();
}

bool flag(const json& object, const char* name) {
    return object.at(name).get<bool>();
}

}  // namespace

std::uint64_t number(const json& object, const char* name) {
    return object.at(name).get<std::uint64_t>();
}

std::string text(const json& object, const char* name) {
    return object.at(name).get<std::string>();
}

TypeDetail type(const json& object) {
    if (object.is_null()) return {};
    return {
        .name = text(object, "name"),
        .size = number(object, "size"),
        .alignment = number(object, "alignment"),
        .variant = text(object, "variant") == "fixed_size" ? TypeVariant::FixedSize : TypeVariant::Dynamic,
        .layout = object.contains("layout") && object["layout"].is_string() ? text(object, "layout") : ""};
}

std::optional<Schema> schema(const json& object) {
    if (object.is_null()) return std::nullopt;
    return Schema{.format = text(object, "format"), .text = text(object, "text")};
}

PublishSubscribeStaticConfig publish_subscribe_config(const json& settings) {
    return {.payload = type(settings.at("payload")),
            .user_header = type(settings.at("user_header")),
            .payload_schema = schema(settings.at("payload_schema")),
            .enable_safe_overflow = flag(settings, "safe_overflow"),
            .enable_timestamps = flag(settings, "timestamps"),
            .latched = flag(settings, "latched"),
            .latched_for = duration_of(number_or_null(settings, "kept_ns")),
            .history_size = number(settings, "history_size"),
            .subscriber_max_buffer_size = number(settings, "subscriber_max_buffer_size"),
            .subscriber_max_borrowed_samples = number(settings, "subscriber_max_borrowed_samples"),
            .max_publishers = number(settings, "max_publishers"),
            .max_subscribers = number(settings, "max_subscribers"),
            .max_nodes = number(settings, "max_nodes"),
            .payload_alignment = number(settings, "payload_alignment")};
}

EventStaticConfig event_config(const json& settings) {
    return from_wire(
        wire::EventSettings{.event_id_max_value = number(settings, "event_id_max_value"),
                            .max_notifiers = number(settings, "max_notifiers"),
                            .max_listeners = number(settings, "max_listeners"),
                            .max_nodes = number(settings, "max_nodes"),
                            .deadline_ns = number_or_null(settings, "deadline_ns"),
                            .notifier_created_event = number_or_null(settings, "notifier_created_event"),
                            .notifier_dropped_event = number_or_null(settings, "notifier_dropped_event"),
                            .notifier_dead_event = number_or_null(settings, "notifier_dead_event")});
}

RequestResponseStaticConfig request_response_config(const json& settings) {
    return {.request = type(settings.at("request")),
            .request_user_header = type(settings.at("request_header")),
            .response = type(settings.at("response")),
            .response_user_header = type(settings.at("response_header")),
            .request_schema = schema(settings.at("request_schema")),
            .response_schema = schema(settings.at("response_schema")),
            .enable_safe_overflow_for_requests = flag(settings, "request_overflow"),
            .enable_safe_overflow_for_responses = flag(settings, "response_overflow"),
            .enable_fire_and_forget_requests = flag(settings, "fire_and_forget"),
            .max_active_requests_per_client = number(settings, "max_active_requests_per_client"),
            .max_loaned_requests = number(settings, "max_loaned_requests"),
            .max_response_buffer_size = number(settings, "max_response_buffer_size"),
            .max_borrowed_responses_per_pending_response =
                number(settings, "max_borrowed_responses_per_pending_response"),
            .max_clients = number(settings, "max_clients"),
            .max_servers = number(settings, "max_servers"),
            .max_nodes = number(settings, "max_nodes"),
            .request_payload_alignment = number(settings, "request_alignment"),
            .response_payload_alignment = number(settings, "response_alignment")};
}

}  // namespace ipc::detail
