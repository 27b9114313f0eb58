// SPDX-License-Identifier: Apache-2.0
#include "rules/service_settings.hpp"

#include "layout/limits.hpp"

#include <array>
#include <bit>
#include <string>

namespace roudi {

namespace layout = ipc::layout;

namespace {

constexpr std::size_t max_type_name = 4096;  // C++ names of templates are long; status must stay readable

struct Range {
    const char* name;
    std::uint64_t value;
    std::uint64_t lowest;
    std::uint64_t highest;
};

Granted<void> check_range(const Range& range) {
    if (range.value >= range.lowest && range.value <= range.highest) return {};
    return reject(wire::Refusal::InvalidSetting,
                  std::string{range.name} + " is " + std::to_string(range.value) + ", and " +
                      std::to_string(range.lowest) + " to " + std::to_string(range.highest) + " is allowed");
}

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

}  // namespace

Granted<void> check_settings(const wire::PublishSubscribeSettings& s) {
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
    for (const Range& range : ranges) {
        if (auto fine = check_range(range); !fine) return fine;
    }
    // The smallest publisher must fit.
    if (auto size = data_segment_size(s, 1); !size) return tl::unexpected{std::move(size.error())};
    return {};
}

Granted<std::uint64_t> data_segment_size(const wire::PublishSubscribeSettings& settings,
                                         std::uint64_t max_loaned_samples) {
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

}  // namespace roudi
