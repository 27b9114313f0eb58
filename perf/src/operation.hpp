// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "exchange.hpp"
#include "shared_memory.hpp"
#include "statistics.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace bench {

// Nanoseconds of one operation: the median over batches, of which the first only warms up.
template <class Operation>
double time_of(const Volume& volume, Operation&& operation) {
    std::vector<double> batches;
    batches.reserve(static_cast<std::size_t>(volume.batches));
    for (int batch = 0; batch <= volume.batches; ++batch) {
        const auto begin = std::chrono::steady_clock::now();
        for (int i = 0; i < volume.exchanges; ++i) operation();
        if (batch > 0) batches.push_back(nanoseconds_since(begin) / volume.exchanges);
    }
    return median(batches);
}

// The yardstick for what happens within one thread.
class UncontendedAdd {
 public:
    void operator()() { counter_.fetch_add(1); }

 private:
    alignas(separation) std::atomic<std::uint64_t> counter_{0};
};

}  // namespace bench
