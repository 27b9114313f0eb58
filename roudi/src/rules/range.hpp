// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rules/rejection.hpp"

#include <cstdint>
#include <string>

namespace roudi {

// A number of a client's, and what it may be.
struct Range {
    const char* name;
    std::uint64_t value;
    std::uint64_t lowest;
    std::uint64_t highest;
};

// Of durations: clocks count nanoseconds in 63 bits.
inline constexpr std::uint64_t longest_ns = ~std::uint64_t{0} >> 1;

inline Granted<void> check_range(const Range& range) {
    if (range.value >= range.lowest && range.value <= range.highest) return {};
    return reject(wire::Refusal::InvalidSetting,
                  std::string{range.name} + " is " + std::to_string(range.value) + ", and " +
                      std::to_string(range.lowest) + " to " + std::to_string(range.highest) + " is allowed");
}

template <class Ranges>
Granted<void> check_ranges(const Ranges& ranges) {
    for (const Range& range : ranges) {
        if (auto fine = check_range(range); !fine) return fine;
    }
    return {};
}

}  // namespace roudi
