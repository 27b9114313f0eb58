// SPDX-License-Identifier: Apache-2.0
#include "membarrier.hpp"

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>

namespace ipc::shm {

namespace {

long membarrier(int command) {
    return ::syscall(SYS_membarrier, command, 0, 0);
}

}  // namespace

bool register_for_membarrier() {
    return membarrier(MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED) == 0;
}

bool membarrier_is_available() {
    const long commands = membarrier(MEMBARRIER_CMD_QUERY);
    return commands > 0 && (commands & MEMBARRIER_CMD_GLOBAL_EXPEDITED) != 0;
}

bool heavy_fence() {
    std::atomic_thread_fence(
        std::memory_order_seq_cst);  // of the caller, should it be the only registered one
    return membarrier(MEMBARRIER_CMD_GLOBAL_EXPEDITED) == 0;
}

}  // namespace ipc::shm
