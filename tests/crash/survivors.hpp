// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace crash {

// Who lives beside those that die, and sees to it that nothing is missing. Each function throws where
// something is.
class Survivors {
 public:
    virtual ~Survivors() = default;

    // Somebody is about to begin his operation.
    virtual void greet() = 0;
    // Somebody seems to wait for something.
    virtual void relieve() = 0;
    // Somebody stands in the middle of his operation, and will never end it.
    virtual void go_on_beside() = 0;
    // He is dead. `done`: how much of what he sent has to be here.
    virtual void look_back(std::uint64_t done) = 0;
    // Looks after what a control thread leaves to the ports: to let go of the dead.
    virtual void take_notice() = 0;
    // Nothing is left of him: others take his place, and everything is used up to its limits.
    virtual void go_on_without() = 0;
};

}  // namespace crash
