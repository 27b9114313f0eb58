// SPDX-License-Identifier: Apache-2.0
#include "fork_guard.hpp"

#include <pthread.h>
#include <sys/mman.h>

#include <cstdlib>
#include <map>
#include <mutex>
#include <utility>

namespace ipc::shm {

std::atomic<std::uint32_t> detail::fork_generation{0};

namespace {

// Held across a fork, so that the child finds the ranges whole.
struct Ranges {
    std::mutex mutex;
    std::map<void*, std::size_t> sizes;
};

// Never destroyed: a static's destructor may still hold a port.
Ranges& ranges() {
    static Ranges& instance = *new Ranges;
    return instance;
}

void before_fork() {
    ranges().mutex.lock();
}
void after_fork_in_parent() {
    ranges().mutex.unlock();
}

// Only system calls and loads: other threads of the parent may have held any lock, malloc's included.
void after_fork_in_child() {
    detail::fork_generation.fetch_add(1, std::memory_order_relaxed);
    for (auto [address, size] : ranges().sizes) {
        constexpr int in_its_place = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED;
        void* replaced = ::mmap(address, size, PROT_READ | PROT_WRITE, in_its_place, -1, 0);
        // Unlike shared memory, private pages that can be written count against RLIMIT_DATA, and where the
        // kernel does not overcommit against all memory. A child that was forked for an exec must not die of
        // that.
        if (replaced == MAP_FAILED) replaced = ::mmap(address, size, PROT_READ, in_its_place, -1, 0);
        // Without these pages a destructor in the child would fault at a random place: better here.
        if (replaced == MAP_FAILED) std::abort();
    }
    ranges().mutex.unlock();
}

void install_fork_handlers() {
    static const int result = ::pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
    if (result != 0) std::abort();
}

// From the start of the process: who remembers a generation need not have a guard.
[[maybe_unused]] const bool forks_are_counted = [] {
    install_fork_handlers();
    return true;
}();

}  // namespace

ForkGuard::ForkGuard(void* address, std::size_t size) : address_{address}, size_{size} {
    install_fork_handlers();
    const std::lock_guard lock{ranges().mutex};
    ranges().sizes[address] = size;
    renew();
}

// Fails only for memory of special kinds, which ours is not; the handler above does the work anyway.
void ForkGuard::renew() const {
    (void)::madvise(address_, size_, MADV_DONTFORK);
}

ForkGuard::ForkGuard(ForkGuard&& other) noexcept
    : address_{std::exchange(other.address_, nullptr)}, size_{other.size_} {}

ForkGuard& ForkGuard::operator=(ForkGuard&& other) noexcept {
    if (this != &other) {
        forget();
        address_ = std::exchange(other.address_, nullptr);
        size_ = other.size_;
    }
    return *this;
}

ForkGuard::~ForkGuard() {
    forget();
}

void ForkGuard::forget() {
    if (address_ == nullptr) return;
    const std::lock_guard lock{ranges().mutex};
    ranges().sizes.erase(std::exchange(address_, nullptr));
}

}  // namespace ipc::shm
