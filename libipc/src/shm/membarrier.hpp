// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ipc::shm {

// The heavy half of an asymmetric fence between processes: membarrier(GLOBAL_EXPEDITED) makes every running
// thread of every registered process pass a full barrier. Whoever goes to sleep pays it; whoever publishes
// needs only a compiler barrier, provided its process is registered.

// Registers this process. Milliseconds once threads run, microseconds before: call it first. False where the
// kernel does not offer it (or a seccomp filter forbids it).
bool register_for_membarrier();

// True where this process may call it, whether or not it is registered.
bool membarrier_is_available();

// False if the call failed: then nothing is known about the order of other processes' accesses.
bool heavy_fence();

}  // namespace ipc::shm
