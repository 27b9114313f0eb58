// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "view.hpp"

#include <ucontext.h>

#include <cstdint>
#include <functional>
#include <string>

namespace model {

// Runs on a stack of its own. One that is abandoned in the middle leaves its frames behind without unwinding:
// so what has to be released lives in the scenario, not on that stack.
struct Task {
    std::string name;
    std::function<void()> body;
    bool mortal = false;
    bool over = false;
    bool died = false;
    std::function<bool()> waits_for;
    ucontext_t context{};

    View view;        // what this task is bound to know
    View to_acquire;  // what an acquire fence would add: from its relaxed loads
    View released;    // what its relaxed stores hand on: its view at the last release fence

    // Everything it ever learnt from outside. A task is
    // deterministic, so this stands for its whole local state.
    std::uint64_t history = 0;
};

}  // namespace model
