// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "view.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace model {

using Location = std::size_t;
inline constexpr Location no_location = max_locations;

struct Message {
    std::uint64_t value;
    View view;  // what who acquires from it gets to know
};

// One location: every value it ever had, in order.
struct Cell {
    std::vector<Message> messages;
    View reads;  // plain ones, of each task
};

// What one execution after the other uses, so that a hundred
// thousand of them do not spend their time allocating.
struct Workspace {
    static constexpr std::size_t stack_size = 256 * 1024;

    std::vector<std::unique_ptr<std::byte[]>> stacks;
    std::vector<Cell> cells = std::vector<Cell>(max_locations);
    // Stays from execution to execution: a location has the same
    // number in all of them, and states can be compared.
    std::map<const std::byte*, Location> addresses;

    std::byte* stack(std::size_t task) {
        while (stacks.size() <= task) stacks.emplace_back(new std::byte[stack_size]);
        return stacks[task].get();
    }
};

}  // namespace model
