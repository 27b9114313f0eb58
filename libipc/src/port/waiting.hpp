// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/session.hpp"

#include <chrono>
#include <cstdint>
#include <ctime>

namespace ipc::port {

using Deadline = std::chrono::steady_clock::time_point;

// The machine's monotonic clock, as it stands in shared memory.
std::uint64_t steady_now_ns();

// From now; as late as the clock goes where that would be later.
Deadline deadline_in(std::chrono::nanoseconds timeout);

// What stands in shared memory; as late as the clock goes where that would be later.
Deadline deadline_at(std::uint64_t steady_ns);

// What is left until then, for a system call; nothing where it has passed.
timespec time_until(Deadline deadline);

// Sleeps until the handle (none: -1) is readable, the process is asked to terminate, or the deadline. A node
// without a control thread is driven meanwhile, and then the sleep may end with nothing to see. Whoever calls
// it looks at what he waits for again, whatever ended the sleep.
void sleep_on(control::Session& session, int handle, Deadline deadline);

// What has to stand between raising a wake word and looking again. False: the other processes' order is
// unknown, and whoever sleeps must look again by himself.
bool fence_before_sleep(const control::Session& session);

// How often to look where no wake-up can be relied on, and where one may be missed while the other end has
// not confirmed its handle yet.
inline constexpr std::chrono::milliseconds unwoken_look{1};
inline constexpr std::chrono::milliseconds unconfirmed_look{2};

}  // namespace ipc::port
