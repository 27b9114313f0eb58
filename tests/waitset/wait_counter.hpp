// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace waitset {

// How often this thread has come back from waiting in the kernel: who busy-waits comes back again and again.
std::uint64_t waits_so_far();

}  // namespace waitset
