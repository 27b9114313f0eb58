// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "calls/failing_calls.hpp"
#include "harness/not_tried.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

namespace calls {

// CALLS_SEED from the environment, else another each time.
inline std::uint32_t seed() {
    const char* given = std::getenv("CALLS_SEED");
    const auto seed =
        given != nullptr ? static_cast<std::uint32_t>(std::stoul(given)) : std::random_device{}();
    std::printf("calls: CALLS_SEED=%u\n", seed);
    return seed;
}

// Which calls are let fail where there is no time for all, and with which of their errors: by chance. No two
// lives have quite the same number of calls: the same seed chooses about the same places in them.
inline std::vector<Chosen> sample_of(std::uint64_t calls, std::size_t count) {
    std::mt19937 chance{seed()};
    std::vector<Chosen> result(count);
    for (Chosen& chosen : result)
        chosen = {.call = (std::uint64_t{chance()} * calls) >> 32U, .alternative = chance()};
    return result;
}

inline bool can_be_tried() {
    if (FailingCalls::possible()) return true;
    harness::not_tried("here seccomp lets nobody answer in the kernel's place");
    return false;
}

}  // namespace calls
