// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "layout/data.hpp"
#include "layout/sample.hpp"
#include "wire/growth.hpp"
#include "wire/port_kind.hpp"
#include "wire/schema.hpp"
#include "wire/type_detail.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

// The publish-subscribe pattern: samples from publishers to subscribers.
namespace ipc::wire {

enum class Backpressure : std::uint8_t { RetryUntilDelivered, DiscardData };

// What a publish-subscribe service is; fixed by its creator.
struct PublishSubscribeSettings {
    static constexpr std::string_view key = "publish_subscribe";
    static constexpr std::string_view words = "publish-subscribe";

    TypeDetail payload;
    TypeDetail user_header;
    std::optional<Schema> payload_schema;
    bool safe_overflow = true;
    bool timestamps = false;
    bool latched = false;                  // what a publisher sent last outlives it
    std::optional<std::uint64_t> kept_ns;  // by so long; where not set: as long as the service lives
    std::uint64_t history_size = 0;
    std::uint64_t subscriber_max_buffer_size = 0;
    std::uint64_t subscriber_max_borrowed_samples = 0;
    std::uint64_t max_publishers = 0;
    std::uint64_t max_subscribers = 0;
    std::uint64_t max_nodes = 0;
    std::uint64_t payload_alignment = 1;  // at least the payload type's

    // Where things lie in a sample, and in a publisher's data segment.
    layout::Sample sample() const {
        return layout::sample(payload.payload(payload_alignment),
                              {.size = user_header.size, .alignment = user_header.alignment}, timestamps);
    }
    layout::Data data(std::uint64_t max_loaned, std::uint64_t max_slice_len = 1) const {
        return layout::data({.max_receivers = max_subscribers,
                             .max_buffer_size = subscriber_max_buffer_size,
                             .max_borrowed = subscriber_max_borrowed_samples,
                             .history_size = history_size,
                             .max_loaned = max_loaned,
                             .max_slice_len = max_slice_len},
                            sample());
    }

    friend bool operator==(const PublishSubscribeSettings&, const PublishSubscribeSettings&) = default;
};

// What somebody who opens it wants: only what was set is compared. Numbers are minima, flags must be equal.
struct PublishSubscribeRequirements {
    std::optional<bool> safe_overflow;
    std::optional<bool> timestamps;
    std::optional<bool> latched;
    std::optional<std::optional<std::uint64_t>> kept_ns;  // an inner nullopt: there must be no such limit
    std::optional<std::uint64_t> history_size;
    std::optional<std::uint64_t> subscriber_max_buffer_size;
    std::optional<std::uint64_t> subscriber_max_borrowed_samples;
    std::optional<std::uint64_t> max_publishers;
    std::optional<std::uint64_t> max_subscribers;
    std::optional<std::uint64_t> max_nodes;
    std::optional<std::uint64_t> payload_alignment;
};

struct PublishSubscribeRequest {
    using Settings = PublishSubscribeSettings;
    static constexpr std::string_view key = Settings::key;

    Settings settings;  // types and schema, and what a created service becomes
    PublishSubscribeRequirements requirements;
};

struct PublisherSettings {
    using Service = PublishSubscribeSettings;
    static constexpr PortKind kind = PortKind::Publisher;
    static constexpr std::string_view key = "publisher";

    std::uint64_t max_loaned_samples = 0;
    Backpressure backpressure = Backpressure::RetryUntilDelivered;
    std::optional<std::uint64_t> max_slice_len;  // elements; 1 if not set. Of services of slices
    std::optional<bool> huge_pages;              // its data segments lie in such; not, if not set
    std::optional<Allocation> allocation;        // Static if not set; of services of slices
};

struct SubscriberSettings {
    using Service = PublishSubscribeSettings;
    static constexpr PortKind kind = PortKind::Subscriber;
    static constexpr std::string_view key = "subscriber";

    std::optional<std::uint64_t> buffer_size;  // the service's maximum if not set
    std::uint64_t history_request = 0;
};

// A ring from one publisher to one subscriber.
struct DeliveryConnection {
    static constexpr std::string_view key = "delivery";

    std::uint64_t buffer_size = 0;
    std::uint64_t max_borrowed = 0;
    std::uint64_t history_request = 0;
};

}  // namespace ipc::wire
