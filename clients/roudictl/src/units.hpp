// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace roudictl {

// 0 B, 1023 B, 1.5 KiB, 16 MiB: three digits at most, so that a column stays narrow.
std::string bytes_for_people(std::uint64_t bytes);

// 12 s, 3 min 5 s, 2 h 10 min, 4 d 1 h: the two largest units.
std::string duration_for_people(std::uint64_t seconds);

// 7 ms, 1.5 s, 250 ns: three digits at most.
std::string nanoseconds_for_people(std::uint64_t nanoseconds);

}  // namespace roudictl
