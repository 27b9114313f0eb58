// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "layout/data.hpp"
#include "layout/sample.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace ipc::wire {

enum class TypeVariant : std::uint8_t { FixedSize, Dynamic };
enum class PortKind : std::uint8_t { Publisher, Subscriber };
enum class OpenMode : std::uint8_t { Create, Open, OpenOrCreate };
enum class Backpressure : std::uint8_t { RetryUntilDelivered, DiscardData };

struct TypeDetail {
    std::string name;  // empty for "none": a service without a user header
    std::uint64_t size = 0;
    std::uint64_t alignment = 1;
    TypeVariant variant = TypeVariant::FixedSize;

    friend bool operator==(const TypeDetail&, const TypeDetail&) = default;
};

// What a publish-subscribe service is; fixed by its creator.
struct PublishSubscribeSettings {
    TypeDetail payload;
    TypeDetail user_header;
    bool safe_overflow = true;
    bool timestamps = false;
    std::uint64_t history_size = 0;
    std::uint64_t subscriber_max_buffer_size = 0;
    std::uint64_t subscriber_max_borrowed_samples = 0;
    std::uint64_t max_publishers = 0;
    std::uint64_t max_subscribers = 0;
    std::uint64_t max_nodes = 0;
    std::uint64_t payload_alignment = 1;  // at least the payload type's

    // Where things lie in a sample, and in a publisher's data segment.
    layout::Sample sample() const {
        return layout::sample({.size = payload.size, .alignment = payload_alignment},
                              {.size = user_header.size, .alignment = user_header.alignment}, timestamps);
    }
    layout::Data data(std::uint64_t max_loaned) const {
        return layout::data({.max_receivers = max_subscribers,
                             .max_buffer_size = subscriber_max_buffer_size,
                             .max_borrowed = subscriber_max_borrowed_samples,
                             .history_size = history_size,
                             .max_loaned = max_loaned},
                            sample());
    }

    friend bool operator==(const PublishSubscribeSettings&, const PublishSubscribeSettings&) = default;
};

// What somebody who opens it wants: only what was set is compared. Numbers are minima, flags must be equal.
struct PublishSubscribeRequirements {
    std::optional<bool> safe_overflow;
    std::optional<bool> timestamps;
    std::optional<std::uint64_t> history_size;
    std::optional<std::uint64_t> subscriber_max_buffer_size;
    std::optional<std::uint64_t> subscriber_max_borrowed_samples;
    std::optional<std::uint64_t> max_publishers;
    std::optional<std::uint64_t> max_subscribers;
    std::optional<std::uint64_t> max_nodes;
    std::optional<std::uint64_t> payload_alignment;
};

struct PublisherSettings {
    std::uint64_t max_loaned_samples = 0;
    Backpressure backpressure = Backpressure::RetryUntilDelivered;
};

struct SubscriberSettings {
    std::optional<std::uint64_t> buffer_size;  // the service's maximum if not set
    std::uint64_t history_request = 0;
};

}  // namespace ipc::wire
