// SPDX-License-Identifier: Apache-2.0
#include "units.hpp"

#include <array>
#include <cmath>
#include <cstdio>

namespace roudictl {

std::string bytes_for_people(std::uint64_t bytes) {
    constexpr std::array units{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    // 1023.5 would be shown as 1024 of the smaller unit.
    while (value >= 1023.5 && unit + 1 < units.size()) {
        value /= 1024;
        ++unit;
    }
    std::array<char, 32> text{};
    const bool with_fraction = unit > 0 && value < 9.95 && std::lround(value * 10) % 10 != 0;
    std::snprintf(text.data(), text.size(), with_fraction ? "%.1f %s" : "%.0f %s", value, units[unit]);
    return text.data();
}

std::string duration_for_people(std::uint64_t seconds) {
    const auto two = [](std::uint64_t large, const char* large_unit, std::uint64_t small,
                        const char* small_unit) {
        auto text = std::to_string(large) + large_unit;
        if (small > 0) text.append(1, ' ').append(std::to_string(small)).append(small_unit);
        return text;
    };
    constexpr std::uint64_t minute = 60;
    constexpr std::uint64_t hour = 60 * minute;
    constexpr std::uint64_t day = 24 * hour;
    if (seconds < minute) return std::to_string(seconds) + " s";
    if (seconds < hour) return two(seconds / minute, " min", seconds % minute, " s");
    if (seconds < day) return two(seconds / hour, " h", seconds % hour / minute, " min");
    return two(seconds / day, " d", seconds % day / hour, " h");
}

}  // namespace roudictl
