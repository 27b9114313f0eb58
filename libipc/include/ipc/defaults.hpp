// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

// What a setting is where nobody sets it.
namespace ipc::defaults {

// Publish-subscribe services.
inline constexpr bool enable_safe_overflow = true;
inline constexpr bool enable_timestamps = false;
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

// Publishers. The backpressure strategy is BackpressureStrategy::RetryUntilDelivered.
inline constexpr std::uint64_t max_loaned_samples = 2;

}  // namespace ipc::defaults
