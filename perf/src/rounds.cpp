// SPDX-License-Identifier: Apache-2.0
#include "rounds.hpp"

#include <cmath>

namespace bench {

void Rounds::add(const Round& round) {
    constexpr double tolerated_change = 0.2;
    if (std::abs(round.bare_after - round.bare_before) > tolerated_change * round.bare_before)
        ++dropped_;
    else
        rounds_.push_back(round);
}

}  // namespace bench
