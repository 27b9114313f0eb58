// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "statistics.hpp"
#include "two_processes.hpp"

#include <chrono>
#include <vector>

namespace bench {

// How much of it makes one figure.
struct Volume {
    int batches = 20;
    int exchanges = 1000;  // in a batch

    int total() const { return batches * exchanges; }
};

inline double nanoseconds_since(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begin).count();
}

// Ping-pong between the two sides of anything that can send() the next message and receive() the next one
// (false: not there yet). Returns the time of one way in nanoseconds: the median over batches, so that a core
// that was taken away for a while does not count. The first batch only warms up.
template <class Messenger>
double one_way(Side& side, const Volume& volume, Messenger& messenger) {
    std::vector<double> batches;
    batches.reserve(static_cast<std::size_t>(volume.batches));
    side.meet();
    for (int batch = 0; batch <= volume.batches; ++batch) {
        const auto begin = std::chrono::steady_clock::now();
        for (int i = 0; i < volume.exchanges; ++i) {
            if (side.first()) messenger.send();
            while (!messenger.receive()) {
            }
            if (!side.first()) messenger.send();
        }
        if (batch > 0) batches.push_back(nanoseconds_since(begin) / volume.exchanges / 2);
    }
    return median(batches);
}

}  // namespace bench
