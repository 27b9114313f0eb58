// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

// Counts what the calling thread does to the world around it: each access to memory that the library shares
// with others, and each system call. Nothing else that a process does can be seen by anybody after its death.
//
// Shared memory is taken away from the process (PROT_NONE), so that each access faults; the handler gives it
// back for the one instruction (the trap flag). System calls are trapped by a seccomp filter, and the handler
// makes them. So every step is counted, exactly, of code that knows nothing of it.
namespace crash {

// Whether this machine can do it; an x86-64 is needed, and a kernel that lets a process filter itself.
bool steps_can_be_counted();

// For a process with one thread, once in its life. Before the step number `last`, counted from 1, the process
// says "halted before …" on that socket, and stays there until somebody kills it.
void count_steps(std::uint64_t last, int socket);

// Ends the counting; how many there were.
std::uint64_t steps_counted();

// A step that only looks at shared memory leaves the world as it was: who dies before it, or before the next
// one, is the same to everybody else.
enum class StepKind : char { look = '.', change = '!' };
// One letter for each step that was counted, up to a bound far beyond what any operation takes.
std::string_view kinds_of_steps();

}  // namespace crash
