// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

// What a setting is where nobody sets it.
namespace ipc::defaults {

// Publish-subscribe services.
inline constexpr bool enable_safe_overflow = true;
inline constexpr bool enable_timestamps = false;
inline constexpr bool latched = false;
inline constexpr std::uint64_t history_size = 0;
inline constexpr std::uint64_t subscriber_max_buffer_size = 2;
inline constexpr std::uint64_t subscriber_max_borrowed_samples = 2;
inline constexpr std::uint64_t max_publishers = 2;
inline constexpr std::uint64_t max_subscribers = 8;
inline constexpr std::uint64_t max_nodes = 20;

// Event services. There is no deadline, and notifiers come and go without an event.
inline constexpr std::uint64_t event_id_max_value = 255;
inline constexpr std::uint64_t max_notifiers = 16;
inline constexpr std::uint64_t max_listeners = 16;
inline constexpr std::uint64_t event_max_nodes = 36;

// Request-response services.
inline constexpr bool enable_safe_overflow_for_requests = true;
inline constexpr bool enable_safe_overflow_for_responses = true;
inline constexpr bool enable_fire_and_forget_requests = true;
inline constexpr std::uint64_t max_active_requests_per_client = 4;
inline constexpr std::uint64_t max_loaned_requests = 2;
inline constexpr std::uint64_t max_response_buffer_size = 2;
inline constexpr std::uint64_t max_borrowed_responses_per_pending_response = 4;
inline constexpr std::uint64_t max_clients = 8;
inline constexpr std::uint64_t max_servers = 2;
inline constexpr std::uint64_t request_response_max_nodes = 20;

// Publishers. The backpressure strategy is BackpressureStrategy::RetryUntilDelivered.
inline constexpr std::uint64_t max_loaned_samples = 2;

// Servers. The backpressure strategy is BackpressureStrategy::RetryUntilDelivered, for clients too.
inline constexpr std::uint64_t max_loaned_responses_per_request = 2;

}  // namespace ipc::defaults
