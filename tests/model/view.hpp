// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace model {

inline constexpr std::size_t max_locations = 56;
inline constexpr std::size_t max_tasks = 8;

// Counts the stores to one location (or the plain accesses of one task), from 0.
using Time = std::uint8_t;

// What somebody is bound to know: of each location, the oldest store that he may still read; and of each
// task, how many of its plain accesses happened before.
struct View {
    std::array<Time, max_locations + max_tasks> times{};

    Time& of(std::size_t location) { return times[location]; }
    Time of(std::size_t location) const { return times[location]; }
    Time& of_task(std::size_t task) { return times[max_locations + task]; }
    Time of_task(std::size_t task) const { return times[max_locations + task]; }

    void join(const View& other) {
        for (std::size_t i = 0; i < times.size(); ++i)
            times[i] = times[i] < other.times[i] ? other.times[i] : times[i];
    }
    friend bool operator==(const View&, const View&) = default;
};

}  // namespace model
