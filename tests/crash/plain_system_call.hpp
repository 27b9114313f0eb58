// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

namespace crash {

// A system call from the one place in the program whose system calls the filter lets pass. Returns what the
// kernel does: -errno where it failed.
long plain_system_call(long number, const std::array<long, 6>& arguments);

// Where that place is: behind its instruction.
std::uintptr_t plain_system_call_site();

}  // namespace crash
