// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace ipc::shm {

// What a fork does to shared memory: in the child every guarded range becomes private zero pages at the same
// address, so that destructors there run on something harmless and reach nobody. The guard also keeps raw
// clones without the handler from inheriting the memory at all (MADV_DONTFORK).
class ForkGuard {
 public:
    ForkGuard() = default;
    ForkGuard(void* address, std::size_t size);
    ForkGuard(ForkGuard&& other) noexcept;
    ForkGuard& operator=(ForkGuard&& other) noexcept;
    ~ForkGuard();

    // After something else was mapped into the range: the kernel keeps MADV_DONTFORK with each mapping.
    void renew() const;

 private:
    void forget();

    void* address_ = nullptr;
    std::size_t size_ = 0;
};

// Grows by one in every forked child. Whoever remembers the number of its birth sees by one load that it was
// copied into another process; getpid() would be a system call.

namespace detail {
extern std::atomic<std::uint32_t> fork_generation;
}

inline std::uint32_t fork_generation() {
    return detail::fork_generation.load(std::memory_order_relaxed);
}

}  // namespace ipc::shm
