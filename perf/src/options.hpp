// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace bench {

struct Options {
    bool json = false;
    bool quick = false;
    std::size_t rounds = 0;  // that count; 0: as many as the benchmark thinks enough
    std::vector<int> cpus;   // the two cores; empty: the first two that this process may use
    std::string broker;      // the program; empty: roudi beside this one

    std::size_t rounds_or(std::size_t thorough, std::size_t quick_ones) const {
        return rounds > 0 ? rounds : quick ? quick_ones : thorough;
    }
};

}  // namespace bench
