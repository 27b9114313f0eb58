// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "two_processes.hpp"

namespace bench {

// A publisher has as much memory as it ever had in flight, and what a sample by reference takes depends on
// how many chunks it goes through in turn. So once as much as the settings allow: two samples that are held
// and two that wait. Then there are four, for everything that is compared.
//
// `pair` sends on one service and receives on another, and the other side's is the other way round.
template <class Pair>
void use_four_chunks(Side& side, Pair& pair) {
    side.meet();
    for (int i = 0; i < 2; ++i) pair.send();
    side.meet();
    {
        const auto one = pair.hold();
        const auto two = pair.hold();
        side.meet();
        for (int i = 0; i < 2; ++i) pair.send();
        side.meet();
    }
    while (pair.receive()) {
    }
}

}  // namespace bench
