// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace roudi {

// What clients use of the broker, and what a quota can bound.
enum class Resource : std::uint8_t {
    Sessions,
    Nodes,
    Services,
    Ports,
    Connections,
    SegmentBytes,
    Descriptors
};

inline constexpr std::array<std::string_view, 7> resource_names{
    "sessions", "nodes", "services", "ports", "connections", "segment_bytes", "descriptors"};

// An amount of each resource.
class Usage {
 public:
    constexpr std::uint64_t& operator[](Resource resource) {
        return amounts_[static_cast<std::size_t>(resource)];
    }
    constexpr std::uint64_t operator[](Resource resource) const {
        return amounts_[static_cast<std::size_t>(resource)];
    }
    constexpr Usage with(Resource resource, std::uint64_t amount) const {
        Usage result = *this;
        result[resource] = amount;
        return result;
    }
    constexpr Usage& operator+=(const Usage& other) {
        for (std::size_t i = 0; i < amounts_.size(); ++i) amounts_[i] += other.amounts_[i];
        return *this;
    }
    constexpr Usage& operator-=(const Usage& other) {
        for (std::size_t i = 0; i < amounts_.size(); ++i) amounts_[i] -= other.amounts_[i];
        return *this;
    }
    friend constexpr bool operator==(const Usage&, const Usage&) = default;

 private:
    std::array<std::uint64_t, resource_names.size()> amounts_{};
};

// Of a segment of so many bytes that the broker keeps.
constexpr Usage usage_of_segment(std::uint64_t size) {
    return Usage{}.with(Resource::SegmentBytes, size).with(Resource::Descriptors, 1);
}

}  // namespace roudi
