// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "view.hpp"

#include <cstdint>
#include <cstring>

namespace model {

// splitmix64's finaliser over both.
inline std::uint64_t mix(std::uint64_t seed, std::uint64_t value) {
    std::uint64_t x = seed * 0x9e3779b97f4a7c15U + value + 0x632be59bd9b4e019U;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9U;
    x = (x ^ x >> 27) * 0x94d049bb133111ebU;
    return x ^ x >> 31;
}

inline std::uint64_t mix(std::uint64_t seed, const View& view) {
    for (std::size_t i = 0; i < view.times.size(); i += sizeof seed) {
        std::uint64_t word = 0;
        std::memcpy(&word, view.times.data() + i, sizeof word);
        if (word != 0) seed = mix(mix(seed, i), word);
    }
    return seed;
}

}  // namespace model
