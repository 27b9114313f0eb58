// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace calls {

// A system call that may fail, and how. Where `argument` is not none, only calls are meant in which it has
// this value, or one with these bits.
struct Eligible {
    enum class Only : std::uint8_t { always, equals, has_not };
    int number;
    const char* name;
    Only only = Only::always;
    unsigned argument = 0;
    std::uint64_t value = 0;
    std::span<const int> errors{};
    bool of_files = false;  // only where the descriptor in the first argument is one with a path
};

std::span<const Eligible> eligible_calls();

}  // namespace calls
