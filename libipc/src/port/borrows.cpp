// SPDX-License-Identifier: Apache-2.0
#include "port/borrows.hpp"

#include <algorithm>

namespace ipc::port {

Borrows::Borrows(std::uint32_t capacity)
    : word_count_{std::max(1U, (capacity + cells_per_word - 1) / cells_per_word)},
      first_mask_{capacity >= cells_per_word ? closed - 1 : (std::uint64_t{1} << capacity) - 1},
      last_mask_{(std::uint64_t{1} << (capacity - (word_count_ - 1) * cells_per_word)) - 1},
      words_{std::make_unique<std::atomic<std::uint64_t>[]>(word_count_)} {
    for (std::uint32_t i = 0; i < word_count_; ++i) words_[i].store(closed, std::memory_order_relaxed);
}

std::uint32_t Borrows::claim_anywhere() {
    for (std::uint32_t i = 0; i < word_count_; ++i) {
        std::uint64_t held = words_[i].load(std::memory_order_relaxed);
        while ((held & closed) == 0) {
            const std::uint64_t free = ~held & cells_of(i);
            if (free == 0) break;
            // Acquire: as in claim().
            if (words_[i].compare_exchange_weak(held, held | (free & -free), std::memory_order_acquire,
                                                std::memory_order_relaxed))
                return i * cells_per_word + static_cast<std::uint32_t>(std::countr_zero(free));
        }
    }
    return no_cell;
}

void Borrows::open() {
    // One more than the words, so that close() is through all of them before anybody can be the last.
    words_in_use_.store(word_count_ + 1, std::memory_order_relaxed);
    for (std::uint32_t i = 0; i < word_count_; ++i) words_[i].store(0, std::memory_order_release);
}

bool Borrows::close() {
    std::uint32_t unused = 1;
    for (std::uint32_t i = 0; i < word_count_; ++i)
        if (words_[i].fetch_or(closed, std::memory_order_acq_rel) == 0) ++unused;
    return words_in_use_.fetch_sub(unused, std::memory_order_acq_rel) == unused;
}

bool Borrows::is_idle() const {
    for (std::uint32_t i = 0; i < word_count_; ++i)
        if ((words_[i].load(std::memory_order_relaxed) & ~closed) != 0) return false;
    return true;
}

}  // namespace ipc::port
