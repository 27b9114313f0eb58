// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/event_id.hpp"
#include "ipc/schema.hpp"
#include "ipc/type_detail.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <variant>

namespace ipc {

// What a publish-subscribe service is; fixed by its creator.
struct PublishSubscribeStaticConfig {
    TypeDetail payload;
    TypeDetail user_header;  // without a name where there is none
    std::optional<Schema> payload_schema;
    bool enable_safe_overflow = true;
    bool enable_timestamps = false;
    bool latched = false;
    std::optional<std::chrono::nanoseconds> latched_for;  // without: as long as the service lives
    std::uint64_t history_size = 0;                       // samples that a publisher keeps for late joiners
    std::uint64_t subscriber_max_buffer_size = 0;         // samples of each publisher
    std::uint64_t subscriber_max_borrowed_samples = 0;    // samples of each publisher
    std::uint64_t max_publishers = 0;
    std::uint64_t max_subscribers = 0;
    std::uint64_t max_nodes = 0;
    std::uint64_t payload_alignment = 1;  // bytes
};

// What an event service is; fixed by its creator.
struct EventStaticConfig {
    std::uint64_t event_id_max_value = 0;
    std::uint64_t max_notifiers = 0;
    std::uint64_t max_listeners = 0;
    std::uint64_t max_nodes = 0;
    std::optional<std::chrono::nanoseconds> deadline;
    std::optional<EventId> notifier_created_event;
    std::optional<EventId> notifier_dropped_event;
    std::optional<EventId> notifier_dead_event;
};

// What a request-response service is; fixed by its creator.
struct RequestResponseStaticConfig {
    TypeDetail request;
    TypeDetail request_user_header;  // without a name where there is none; likewise below
    TypeDetail response;
    TypeDetail response_user_header;
    std::optional<Schema> request_schema;
    std::optional<Schema> response_schema;
    bool enable_safe_overflow_for_requests = true;
    bool enable_safe_overflow_for_responses = true;
    bool enable_fire_and_forget_requests = true;
    std::uint64_t max_active_requests_per_client = 0;
    std::uint64_t max_loaned_requests = 0;       // of each client
    std::uint64_t max_response_buffer_size = 0;  // responses of each server to each request
    std::uint64_t max_borrowed_responses_per_pending_response = 0;  // likewise
    std::uint64_t max_clients = 0;
    std::uint64_t max_servers = 0;
    std::uint64_t max_nodes = 0;
    std::uint64_t request_payload_alignment = 1;   // bytes
    std::uint64_t response_payload_alignment = 1;  // bytes
};

// Of a service of any messaging pattern.
using StaticConfig =
    std::variant<PublishSubscribeStaticConfig, EventStaticConfig, RequestResponseStaticConfig>;

}  // namespace ipc
