// SPDX-License-Identifier: Apache-2.0
#include "rules/publish_subscribe.hpp"

#include "layout/connection.hpp"
#include "layout/limits.hpp"
#include "rules/description.hpp"
#include "rules/range.hpp"
#include "rules/requirements.hpp"
#include "wire/enum_names.hpp"

#include <array>
#include <bit>
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
};

std::string describe(const wire::TypeDetail& type) {
    if (type.name.empty()) return "none";
    return "\"" + type.name + "\" (size " + std::to_string(type.size) + ", alignment " +
           std::to_string(type.alignment) + ", " + std::string{wire::name_of(type.variant)} + ")";
}

constexpr std::size_t max_type_name = 4096;  // C++ names of templates are long; status must stay readable

Granted<void> check_alignment(const std::string& name, std::uint64_t value, std::uint64_t lowest) {
    if (std::has_single_bit(value) && value >= lowest && value <= layout::max_alignment) return {};
    return reject(wire::Refusal::InvalidSetting, name + " is " + std::to_string(value) +
                                                     ", and a power of two from " + std::to_string(lowest) +
                                                     " to " + std::to_string(layout::max_alignment) +
                                                     " is allowed");
}

Granted<void> check_type(const std::string& what, const wire::TypeDetail& type) {
    if (type.name.empty() || type.name.size() > max_type_name)
        return reject(wire::Refusal::InvalidSetting,
                      "the name of the " + what + " type has " + std::to_string(type.name.size()) +
                          " bytes, and 1 to " + std::to_string(max_type_name) + " are allowed");
    if (type.variant != wire::TypeVariant::FixedSize)
        return reject(wire::Refusal::InvalidSetting, "the " + what + " type \"" + type.name +
                                                         "\" is of dynamic size, and this broker knows only "
                                                         "types of fixed size");
    const std::string size = what + " size";
    auto in_range = check_range(
        {.name = size.c_str(), .value = type.size, .lowest = 1, .highest = layout::max_segment_size});
    if (!in_range) return in_range;
    return check_alignment(what + " alignment", type.alignment, 1);
}

// Size of the data segment that a publisher of such a service gets.
Granted<std::uint64_t> data_segment_size(const Offered& settings, std::uint64_t max_loaned_samples) {
    auto in_range = check_range({.name = "max_loaned_samples",
                                 .value = max_loaned_samples,
                                 .lowest = 1,
                                 .highest = layout::max_loaned_samples});
    if (!in_range) return tl::unexpected{std::move(in_range.error())};
    // Counts and the size of a chunk are bounded by their own limits; their product is not.
    const layout::Data data = settings.data(max_loaned_samples);
    if (data.chunk_count > (layout::max_segment_size - data.chunks) / data.chunk_size)
        return reject(wire::Refusal::InvalidSetting,
                      "a publisher would need " + std::to_string(data.chunk_count) + " chunks of " +
                          std::to_string(data.chunk_size) + " bytes, and a segment has at most " +
                          std::to_string(layout::max_segment_size) +
                          " bytes: lower max_subscribers, buffer, borrows or history");
    return data.size;
}

}  // namespace

Granted<void> check_settings(const Offered& s) {
    if (auto fine = check_type("payload", s.payload); !fine) return fine;
    const bool has_header = !s.user_header.name.empty() || s.user_header.size != 0;
    if (has_header) {
        if (auto fine = check_type("user header", s.user_header); !fine) return fine;
    } else if (s.user_header != wire::TypeDetail{}) {
        return reject(wire::Refusal::InvalidSetting, "a user header without name and size has alignment " +
                                                         std::to_string(s.user_header.alignment) +
                                                         ", and 1 is expected where there is none");
    }
    if (auto fine = check_alignment("payload_alignment", s.payload_alignment, s.payload.alignment); !fine)
        return fine;
    const std::array ranges{
        Range{"history_size", s.history_size, 0, layout::max_history_size},
        Range{"subscriber_max_buffer_size", s.subscriber_max_buffer_size, 1, layout::max_buffer_size},
        Range{"subscriber_max_borrowed_samples", s.subscriber_max_borrowed_samples, 1,
              layout::max_borrowed_samples},
        Range{"max_publishers", s.max_publishers, 1, layout::max_ports_per_service},
        Range{"max_subscribers", s.max_subscribers, 1, layout::max_ports_per_service},
        Range{"max_nodes", s.max_nodes, 1, layout::max_ports_per_service},
    };
    if (auto fine = check_ranges(ranges); !fine) return fine;
    // The smallest publisher must fit.
    if (auto size = data_segment_size(s, 1); !size) return tl::unexpected{std::move(size.error())};
    return {};
}

Granted<void> check_requirements(const Service& service, const Offered& has,
                                 const wire::PublishSubscribeRequest& asked) {
    const auto differs = [&](const char* what, const wire::TypeDetail& is, const wire::TypeDetail& wanted) {
        return reject(wire::Refusal::IncompatibleTypes, describe(service) + " has the " + what + " " +
                                                            describe(is) + ", and the " + what +
                                                            " asked for is " + describe(wanted));
    };
    if (has.payload != asked.settings.payload)
        return differs("payload type", has.payload, asked.settings.payload);
    if (has.user_header != asked.settings.user_header)
        return differs("user header", has.user_header, asked.settings.user_header);
    if (auto fine = compare_all(flags, service, has, asked.requirements); !fine) return fine;
    return compare_all(minima, service, has, asked.requirements);
}

Granted<GrantedPort> grant_port(const Service& /*service*/, const Offered& settings,
                                const wire::PublisherSettings& asked) {
    auto size = data_segment_size(settings, asked.max_loaned_samples);
    if (!size) return tl::unexpected{std::move(size.error())};
    return GrantedPort{.settings = asked, .data_size = *size};
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
