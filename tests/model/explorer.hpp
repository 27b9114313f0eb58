// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "execution.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace model {

struct Exploration {
    std::uint64_t executions = 0;
    std::uint64_t states = 0;
    bool complete = false;  // nothing within the bounds was left out
    std::string violation;  // the first broken promise, and the steps that led to it
};

// Sets up one execution: makes the objects under test and adds the tasks. Called once
// for every execution, and has to do the same every time. What it made has to stay
// until the next call, and the memory whose addresses stand for locations as long as
// the exploration; what is in that memory does not matter: every location begins as 0.
using Scenario = std::function<void(Execution&)>;

// Every execution within the bounds, depth first, each state
// once; ends at the first violation, or after `max_executions`.
Exploration explore(const Scenario& scenario, const Bounds& bounds = {},
                    std::uint64_t max_executions = 2'000'000);

// So many executions by chance, for scenarios that are too large for all.
Exploration wander(const Scenario& scenario, const Bounds& bounds, std::uint64_t executions,
                   std::uint64_t seed);

}  // namespace model
