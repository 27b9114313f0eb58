// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace ipc::layout {

// Two cache lines: the neighbour line is fetched along by today's prefetchers, so words of different writers
// stay this far apart.
inline constexpr std::uint64_t separation = 128;
inline constexpr std::uint64_t cache_line = 64;

constexpr std::uint64_t round_up(std::uint64_t value, std::uint64_t alignment) {
    return (value + alignment - 1) / alignment * alignment;
}

}  // namespace ipc::layout
