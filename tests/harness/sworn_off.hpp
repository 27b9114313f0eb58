// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

// For actors that prove that something makes no system call and does not allocate. A program that uses this
// has every form of new counted.
namespace harness {

// Of this thread: what others do, a node's control thread for example, is not counted.
std::uint64_t allocations();

// Of this thread, for good: the kernel kills the process (SIGSYS) at the next system call, but for its end.
// False: it could not be sworn off.
[[nodiscard]] bool swear_off_system_calls();

enum Oath : int { kept = 0, could_not_swear = 11, allocated = 12, lost = 13 };

// Ends the process: exit() itself makes system calls.
[[noreturn]] void end(std::uint64_t allocations_before, bool all_received);

}  // namespace harness
