// SPDX-License-Identifier: Apache-2.0
#include "units.hpp"

#include <array>
#include <cmath>
#include <cstdio>

namespace roudictl {

namespace {

// In the largest unit that leaves something before the point.
template <std::size_t Count>
std::string scaled(double value, double step, const std::array<const char*, Count>& units) {
    std::size_t unit = 0;
    // Half less than a step would be shown as a whole one of the smaller unit.
    while (value >= step - 0.5 && unit + 1 < units.size()) {
        value /= step;
        ++unit;
    }
    std::array<char, 32> text{};
    const bool with_fraction = unit > 0 && value < 9.95 && std::lround(value * 10) % 10 != 0;
    std::snprintf(text.data(), text.size(), with_fraction ? "%.1f %s" : "%.0f %s", value, units[unit]);
    return text.data();
}

}  // namespace

std::string bytes_for_people(std::uint64_t bytes) {
    return scaled(static_cast<double>(bytes), 1024,
                  std::array{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"});
}

std::string nanoseconds_for_people(std::uint64_t nanoseconds) {
    constexpr std::uint64_t second = 1'000'000'000;
    if (nanoseconds >= 1000 * second) return duration_for_people(nanoseconds / second);
    return scaled(static_cast<double>(nanoseconds), 1000, std::array{"ns", "µs", "ms", "s"});
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
