// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "exchange.hpp"
#include "shared_memory.hpp"
#include "statistics.hpp"
#include "two_processes.hpp"

#include <chrono>
#include <cstdint>
#include <vector>

namespace bench {

// What the two sides tell each other besides what is measured.
struct SleepWords {
    alignas(separation) Word lying_down{0};  // the second side's: how often it went to sleep
    alignas(separation) Word awake_at{0};    // and when it had what was sent, in nanoseconds of the clock
};

inline std::uint64_t clock_ns() {
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                          std::chrono::steady_clock::now().time_since_epoch())
                                          .count());
}

// Nanoseconds from before the first side sends until the second, which sleeps, has it. The median: now and
// then a core was away, or somebody else's. The first tenth only warms up. Of anything that can send() and
// sleep(awake), which calls awake() as soon as it has what was sent.
template <class Messenger>
double wake_up(Side& side, const Volume& volume, SleepWords& words, Messenger& messenger) {
    // Long enough to lie down, after the word that says so.
    constexpr std::uint64_t to_lie_down_ns = 50'000;
    const int times = volume.batches * volume.exchanges;
    const std::uint64_t begun = words.lying_down.load();
    std::vector<double> taken;
    side.meet();
    for (int i = 0; i < times; ++i) {
        if (!side.first()) {
            words.lying_down.store(begun + static_cast<std::uint64_t>(i) + 1);
            messenger.sleep([&] { words.awake_at.store(clock_ns()); });
            while (words.awake_at.load() != 0) {
            }
            continue;
        }
        while (words.lying_down.load() != begun + static_cast<std::uint64_t>(i) + 1) {
        }
        for (const auto lies = clock_ns() + to_lie_down_ns; clock_ns() < lies;) {
        }
        const std::uint64_t begin = clock_ns();
        messenger.send();
        std::uint64_t end = 0;
        while ((end = words.awake_at.load()) == 0) {
        }
        if (i >= times / 10) taken.push_back(static_cast<double>(end - begin));
        words.awake_at.store(0);
    }
    return side.first() ? median(taken) : 0;
}

}  // namespace bench
