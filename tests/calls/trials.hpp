// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "calls/failing_calls.hpp"
#include "catch.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <random>
#include <vector>

namespace calls {

// Which calls are let fail where there is no time for all: by chance, and the same every time. Which of its
// errors, too.
inline std::vector<Chosen> sample_of(std::uint64_t calls, std::size_t count) {
    std::mt19937 chance{1};
    std::vector<std::uint64_t> numbers(calls);
    std::iota(numbers.begin(), numbers.end(), 0);
    std::shuffle(numbers.begin(), numbers.end(), chance);
    numbers.resize(std::min<std::size_t>(count, calls));
    std::vector<Chosen> result;
    for (const std::uint64_t call : numbers) result.push_back({.call = call, .alternative = chance()});
    return result;
}

inline bool can_be_tried() {
    if (FailingCalls::possible()) return true;
    WARN("not tried: here seccomp lets nobody answer in the kernel's place");
    return false;
}

}  // namespace calls
