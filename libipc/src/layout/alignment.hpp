// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>

namespace ipc::layout {

// Two cache lines: the neighbour line is fetched along by today's prefetchers, so words of different writers
// stay this far apart.
inline constexpr std::uint64_t separation = 128;
inline constexpr std::uint64_t cache_line = 64;
inline constexpr std::uint64_t page_size = 4096;

// Sizes come from whoever creates a service. What does not fit stays at the greatest number, so that no sum
// or product of them ever looks small; no such segment can be made.
inline constexpr std::uint64_t beyond_all_sizes = std::numeric_limits<std::uint64_t>::max();

constexpr std::uint64_t sum(std::uint64_t a, std::uint64_t b) {
    return a > beyond_all_sizes - b ? beyond_all_sizes : a + b;
}

constexpr std::uint64_t product(std::uint64_t a, std::uint64_t b) {
    std::uint64_t result = 0;
    return __builtin_mul_overflow(a, b, &result) ? beyond_all_sizes : result;
}

// An alignment of 0 asks for nothing, like 1.
constexpr std::uint64_t round_up(std::uint64_t value, std::uint64_t alignment) {
    if (alignment <= 1) return value;
    const std::uint64_t rest = value % alignment;
    return rest == 0 ? value : sum(value, alignment - rest);
}

}  // namespace ipc::layout
