// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#if defined(__SSE2__) && !defined(__SANITIZE_THREAD__)
#define IPC_COPIES_IN_PAIRS 1
#include <emmintrin.h>
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#undef IPC_COPIES_IN_PAIRS
#endif
#endif
#endif

// Blocks between private memory and a slot, whose words others may write or read meanwhile. What was copied
// counts only if a publication word (into the slot) or a compare-and-swap (out of it) says so afterwards, so
// it may be torn, and comes in any order; but each word is copied whole.
//
// On x86-64 two words go at once: an access of 16 bytes there is never torn within its 8-byte halves. That is
// worth its lines, because a sender's stores queue up behind a slot's line that comes from the other
// processor, and the queue is short. A pair lies at a multiple of 16 bytes in the slot: a store across such
// a boundary may be two, between which the receiver, which polls that line, takes it away (measured: 3 to 10
// hundredths of a message between far cores).
namespace ipc::ring {

inline constexpr std::size_t block_offset_in_slot = 24;
// Of a block, words in the slot's first cache line.
inline constexpr std::size_t first_line_words = (64 - block_offset_in_slot) / sizeof(std::uint64_t);

#ifdef IPC_COPIES_IN_PAIRS

inline __m128i load_one(const std::uint64_t* word) {
    return _mm_loadl_epi64(reinterpret_cast<const __m128i*>(word));
}
// One load for each: whatever store the user wrote a word with, it is forwarded from there.
inline __m128i load_two(const std::uint64_t* words) {
    return _mm_unpacklo_epi64(load_one(words), load_one(words + 1));
}

// Words of the block in [i, end), which lie in one line of the slot.
inline void store_words(std::uint64_t* to, const std::uint64_t* block, std::size_t i, std::size_t end) {
    const auto store_one = [&](std::size_t at) {
        _mm_storel_epi64(reinterpret_cast<__m128i*>(to + at), load_one(block + at));
    };
    // What lies at a multiple of 16 bytes in the slot begins with a word of an odd number.
    static_assert(block_offset_in_slot % 16 == 8);
    if (i % 2 == 0 && i < end) store_one(i++);
    for (; i + 1 < end; i += 2) _mm_store_si128(reinterpret_cast<__m128i*>(to + i), load_two(block + i));
    if (i < end) store_one(i);
}

// The second line first: the receiver polls the first, and takes it away between any two stores to it.
inline void copy_into_slot(std::byte* slot, const std::uint64_t* block, std::size_t words) {
    auto* to = reinterpret_cast<std::uint64_t*>(slot + block_offset_in_slot);
    if (words > first_line_words) store_words(to, block, first_line_words, words);
    store_words(to, block, 0, words < first_line_words ? words : first_line_words);
}

inline void copy_out_of_slot(const std::byte* slot, std::uint64_t* block, std::size_t words) {
    const auto* from = reinterpret_cast<const std::uint64_t*>(slot + block_offset_in_slot);
    std::size_t i = 0;
    for (; i + 1 < words; i += 2)
        _mm_storeu_si128(reinterpret_cast<__m128i*>(block + i),
                         _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + i)));
    if (i < words) _mm_storel_epi64(reinterpret_cast<__m128i*>(block + i), load_one(from + i));
}

#else

inline void copy_into_slot(std::byte* slot, const std::uint64_t* block, std::size_t words) {
    auto* to = reinterpret_cast<std::atomic<std::uint64_t>*>(slot + block_offset_in_slot);
    for (std::size_t i = 0; i < words; ++i) to[i].store(block[i], std::memory_order_relaxed);
}

inline void copy_out_of_slot(const std::byte* slot, std::uint64_t* block, std::size_t words) {
    const auto* from = reinterpret_cast<const std::atomic<std::uint64_t>*>(slot + block_offset_in_slot);
    for (std::size_t i = 0; i < words; ++i) block[i] = from[i].load(std::memory_order_relaxed);
}

#endif

}  // namespace ipc::ring
