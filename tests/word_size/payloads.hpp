// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

namespace word_size {

// The same everywhere: explicit padding, and nothing whose size the machine decides. Fits a slot.
struct Reading {
    std::uint32_t sensor;
    std::uint32_t unused;
    std::uint64_t number;
    double value;
};
// Goes by reference.
using Image = std::array<std::uint64_t, 131'072>;
static_assert(sizeof(Image) == 1 << 20);

// i386 puts `value` at 4, unless it is told.
struct Told {
    std::uint32_t sensor;
    alignas(8) double value;
};
struct Unpadded {
    std::uint32_t sensor;
    double value;
};
// Likewise, but its size does not show it.
struct alignas(16) Rounded {
    std::uint32_t sensor;
    double value;
};
struct WithLong {
    std::uint32_t sensor;
    long value;
};
// As long as each other, and so aligned, and yet not the same.
struct alignas(8) RoundedLong {
    long value;
};
class alignas(16) Hidden {
 public:
    Hidden() = default;

 private:
    std::uint32_t sensor_ = 0;
    double value_ = 0;
};

}  // namespace word_size
