// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ring/block_copy.hpp"
#include "ring/zeroed_array.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace ipc::ring {

// The policy of the product. A policy says what a word in shared memory is, what a word shared by threads of
// one process is, and which fences there are; the algorithms of this room are templates over it.
//
// The heavy fence (membarrier) is a system call and therefore not here: who goes to sleep supplies it.
struct StdAtomics {
    template <class T>
    using Atomic = std::atomic<T>;
    using Word = std::atomic<std::uint64_t>;

    static_assert(Word::is_always_lock_free && sizeof(Word) == sizeof(std::uint64_t));

    // Many words of one process, 0 at first.
    using Words = ZeroedArray<Word>;

    static Word& word(std::byte* segment, std::uint64_t offset) {
        return *reinterpret_cast<Word*>(segment + offset);
    }
    static const Word& word(const std::byte* segment, std::uint64_t offset) {
        return *reinterpret_cast<const Word*>(segment + offset);
    }

    // Copy the words of a block into a slot, and out of it: relaxed, in any order. See block_copy.hpp.
    static void store_block(std::byte* slot, const std::uint64_t* block, std::size_t words) {
        copy_into_slot(slot, block, words);
    }
    static void load_block(const std::byte* slot, std::uint64_t* block, std::size_t words) {
        copy_out_of_slot(slot, block, words);
    }

    // Only a hint: has the line fetched while something else is waited for.
    static void prefetch(const std::byte* segment, std::uint64_t offset) {
        __builtin_prefetch(segment + offset);
    }

    // Likewise, and takes it away from who else has it. Compilers leave that out for processors that are
    // older than any which runs this; there it does nothing.
    static void prefetch_for_writing(std::byte* segment, std::uint64_t offset) {
#if defined(__x86_64__)
        asm volatile("prefetchw %0" : : "m"(*(segment + offset)));
#else
        __builtin_prefetch(segment + offset, 1);
#endif
    }

    // Only the compiler is kept from reordering; the processor is, when the other side calls membarrier.
    static void light_fence() {
        std::atomic_signal_fence(std::memory_order_seq_cst);
    }

// GCC warns that ThreadSanitizer does not understand fences. All words that they order here are atomics, so
// it has nothing to report falsely.
#if defined(__SANITIZE_THREAD__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wtsan"
#endif
    static void full_fence() {
        std::atomic_thread_fence(std::memory_order_seq_cst);
    }
    static void acquire_fence() {
        std::atomic_thread_fence(std::memory_order_acquire);
    }
    static void release_fence() {
        std::atomic_thread_fence(std::memory_order_release);
    }
#if defined(__SANITIZE_THREAD__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
};

// Which fence stands between "publish" and "is anybody asleep" on one side of a connection.
enum class WakeFence : std::uint8_t {
    light,  // this side is registered for membarrier and the other side calls it before it sleeps
    full,
};

template <class Atomics>
void wake_fence(WakeFence kind) {
    if (kind == WakeFence::full)
        Atomics::full_fence();
    else
        Atomics::light_fence();
}

}  // namespace ipc::ring
