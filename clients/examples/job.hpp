// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

// What both ends of the example agree on.
struct Job {
    std::uint32_t number;
    std::uint32_t steps;
};

struct Progress {
    std::uint32_t percent;
};
