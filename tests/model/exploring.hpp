// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "catch.hpp"
#include "explorer.hpp"

inline void require_kept(const model::Exploration& result) {
    INFO(result.executions << " executions, " << result.states << " states");
    INFO(result.violation);
    REQUIRE(result.violation.empty());
    REQUIRE(result.complete);
}

// A wrong variant has to be found: by a promise broken, not by an accident of the scenario.
inline void require_broken(const model::Exploration& result) {
    INFO(result.executions << " executions, " << result.states << " states");
    REQUIRE_FALSE(result.violation.empty());
    INFO(result.violation);
    REQUIRE_FALSE(result.violation.starts_with("an execution ends"));
}
