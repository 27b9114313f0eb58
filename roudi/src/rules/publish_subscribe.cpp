// SPDX-License-Identifier: Apache-2.0
#include "rules/publish_subscribe.hpp"

#include "layout/connection.hpp"
#include "layout/limits.hpp"
#include "rules/data_segment.hpp"
#include "rules/description.hpp"
#include "rules/range.hpp"
#include "rules/requirements.hpp"
#include "rules/schemas.hpp"
#include "rules/types.hpp"

#include <array>
#include <string>

namespace roudi {

namespace layout = ipc::layout;

namespace {

using Offered = wire::PublishSubscribeSettings;
using Asked = wire::PublishSubscribeRequirements;

constexpr std::array minima{
    Minimum<Offered, Asked>{"payload_alignment", &Offered::payload_alignment, &Asked::payload_alignment,
                            wire::Refusal::IncompatibleTypes},
    Minimum<Offered, Asked>{"history_size", &Offered::history_size, &Asked::history_size,
                            wire::Refusal::DoesNotSupportRequestedMinHistorySize},
    Minimum<Offered, Asked>{"subscriber_max_buffer_size", &Offered::subscriber_max_buffer_size,
                            &Asked::subscriber_max_buffer_size,
                            wire::Refusal::DoesNotSupportRequestedMinBufferSize},
    Minimum<Offered, Asked>{"subscriber_max_borrowed_samples", &Offered::subscriber_max_borrowed_samples,
                            &Asked::subscriber_max_borrowed_samples,
                            wire::Refusal::DoesNotSupportRequestedMinSubscriberBorrowedSamples},
    Minimum<Offered, Asked>{"max_publishers", &Offered::max_publishers, &Asked::max_publishers,
                            wire::Refusal::DoesNotSupportRequestedAmountOfPublishers},
    Minimum<Offered, Asked>{"max_subscribers", &Offered::max_subscribers, &Asked::max_subscribers,
                            wire::Refusal::DoesNotSupportRequestedAmountOfSubscribers},
    Minimum<Offered, Asked>{"max_nodes", &Offered::max_nodes, &Asked::max_nodes,
                            wire::Refusal::DoesNotSupportRequestedAmountOfNodes},
};

constexpr std::array flags{
    Flag<Offered, Asked>{"enable_safe_overflow", &Offered::safe_overflow, &Asked::safe_overflow,
                         wire::Refusal::IncompatibleOverflowBehavior},
    Flag<Offered, Asked>{"enable_timestamps", &Offered::timestamps, &Asked::timestamps,
                         wire::Refusal::IncompatibleTimestamps},
    Flag<Offered, Asked>{"latched", &Offered::latched, &Asked::latched, wire::Refusal::IncompatibleLatching},
};

constexpr std::array values{
    Exact<Offered, Asked>{"latched_for (in ns)", &Offered::kept_ns, &Asked::kept_ns,
                          wire::Refusal::IncompatibleLatching},
};

// Size of the data segment that a publisher of such a service gets.
Granted<std::uint64_t> publisher_segment_size(const Offered& settings, std::uint64_t max_loaned_samples,
                                              std::uint64_t max_slice_len) {
    auto in_range = check_range({.name = "max_loaned_samples",
                                 .value = max_loaned_samples,
                                 .lowest = 1,
                                 .highest = layout::max_loaned_samples});
    if (!in_range) return tl::unexpected{std::move(in_range.error())};
    return data_segment_size(settings.data(max_loaned_samples, max_slice_len), "a publisher",
                             "max_subscribers, buffer, borrows, history or the length of slices");
}

}  // namespace

Granted<void> check_settings(const Offered& s) {
    if (auto fine = check_type("payload", s.payload); !fine) return fine;
    if (auto fine = check_header("user header", s.user_header); !fine) return fine;
    if (auto fine = check_schema("payload schema", s.payload_schema); !fine) return fine;
    if (auto fine = check_alignment("payload_alignment", s.payload_alignment, s.payload.alignment); !fine)
        return fine;
    const std::array ranges{
        Range{"latched_for (in ns)", s.kept_ns.value_or(1), 1, longest_ns},
        Range{"history_size", s.history_size, 0, layout::max_history_size},
        Range{"subscriber_max_buffer_size", s.subscriber_max_buffer_size, 1, layout::max_buffer_size},
        Range{"subscriber_max_borrowed_samples", s.subscriber_max_borrowed_samples, 1,
              layout::max_borrowed_samples},
        Range{"max_publishers", s.max_publishers, 1, layout::max_ports_per_service},
        Range{"max_subscribers", s.max_subscribers, 1, layout::max_ports_per_service},
        Range{"max_nodes", s.max_nodes, 1, layout::max_ports_per_service},
    };
    if (auto fine = check_ranges(ranges); !fine) return fine;
    if (s.latched && s.history_size == 0)
        return reject(wire::Refusal::InvalidSetting,
                      "latched is on and history_size is 0: there would be nothing to keep");
    if (s.kept_ns && !s.latched)
        return reject(wire::Refusal::InvalidSetting, "latched_for is set and latched is off");
    // The smallest publisher must fit.
    if (auto size = publisher_segment_size(s, 1, 1); !size) return tl::unexpected{std::move(size.error())};
    return {};
}

Granted<void> check_requirements(const Service& service, const Offered& has,
                                 const wire::PublishSubscribeRequest& asked) {
    constexpr auto refusal = wire::Refusal::IncompatibleTypes;
    for (const ComparedTypes& types :
         {ComparedTypes{"payload type", has.payload, asked.settings.payload, refusal},
          ComparedTypes{"user header", has.user_header, asked.settings.user_header, refusal}})
        if (auto fine = compare_types(service, types); !fine) return fine;
    if (auto fine =
            compare_schemas(service, {"payload schema", has.payload_schema, asked.settings.payload_schema,
                                      wire::Refusal::IncompatibleSchema});
        !fine)
        return fine;
    if (auto fine = compare_all(flags, service, has, asked.requirements); !fine) return fine;
    if (auto fine = compare_all(values, service, has, asked.requirements); !fine) return fine;
    return compare_all(minima, service, has, asked.requirements);
}

Granted<GrantedPort> grant_port(const Service& /*service*/, const Offered& settings,
                                const wire::PublisherSettings& asked) {
    auto max_slice_len = check_slice_len("initial_max_slice_len", settings.payload, asked.max_slice_len);
    if (!max_slice_len) return tl::unexpected{std::move(max_slice_len.error())};
    auto size = publisher_segment_size(settings, asked.max_loaned_samples, *max_slice_len);
    if (!size) return tl::unexpected{std::move(size.error())};
    if (auto fine = check_growth(settings.data(asked.max_loaned_samples, *max_slice_len), asked.allocation,
                                 settings.payload);
        !fine)
        return tl::unexpected{std::move(fine.error())};
    return granted_with_data(asked, *size);
}

Granted<GrantedPort> grant_port(const Service& service, const Offered& settings,
                                const wire::SubscriberSettings& asked) {
    const std::uint64_t buffer_size = asked.buffer_size.value_or(settings.subscriber_max_buffer_size);
    if (buffer_size == 0)
        return reject(wire::Refusal::InvalidSetting, "buffer_size is 0, and 1 to " +
                                                         std::to_string(settings.subscriber_max_buffer_size) +
                                                         " is allowed");
    if (buffer_size > settings.subscriber_max_buffer_size)
        return reject(wire::Refusal::BufferSizeExceedsMaxSupportedBufferSizeOfService,
                      describe(service) + " has subscriber_max_buffer_size " +
                          std::to_string(settings.subscriber_max_buffer_size) +
                          ", and a subscriber asked for buffer_size " + std::to_string(buffer_size));
    if (asked.history_request > settings.history_size)
        return reject(wire::Refusal::HistoryRequestExceedsHistorySizeOfService,
                      describe(service) + " has history_size " + std::to_string(settings.history_size) +
                          ", and a subscriber asked for history_request " +
                          std::to_string(asked.history_request));
    return GrantedPort{.settings = wire::SubscriberSettings{.buffer_size = buffer_size,
                                                            .history_request = asked.history_request}};
}

ConnectionPlan plan_delivery(const Port& publisher, const Port& subscriber) {
    const auto& service = std::get<Offered>(publisher.service->settings);
    const auto& receiving = std::get<wire::SubscriberSettings>(subscriber.settings);
    const wire::DeliveryConnection connection{.buffer_size = *receiving.buffer_size,
                                              .max_borrowed = service.subscriber_max_borrowed_samples,
                                              .history_request = receiving.history_request};
    return {.settings = connection,
            .segment_size = layout::connection(connection.buffer_size, connection.max_borrowed,
                                               service.sample().slot_size())
                                .size};
}

}  // namespace roudi
