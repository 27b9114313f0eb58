// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdint>
#include <limits>

namespace ipc::ring {

// Which cells of a place are held, a bit each, for all threads of a subscriber. Holding one holds the place:
// whoever ends a connection closes the set, and the last that gives its cell back afterwards clears up.
// (Tests have fewer cells in a word.)
template <class Atomics, std::uint32_t cells_per_word = 63>
class Borrows {
 public:
    explicit Borrows(std::uint32_t capacity)  // closed
        : word_count_{std::max(1U, (capacity + cells_per_word - 1) / cells_per_word)},
          first_mask_{mask_of(std::min(capacity, cells_per_word))},
          last_mask_{mask_of(capacity - (word_count_ - 1) * cells_per_word)},
          words_(word_count_) {
        for (std::uint32_t i = 0; i < word_count_; ++i) words_[i].store(closed, std::memory_order_relaxed);
    }

    // The lowest free cell, so that few cells stay in the cache; no_cell: all are held, or it is closed.
    std::uint32_t claim() {
        std::uint64_t held = words_[0].load(std::memory_order_relaxed);
        const std::uint64_t free = ~held & first_mask_;
        // Acquire: pairs with release(), for the cell's content, and with open(), for the connection.
        if (free != 0 && (held & closed) == 0 &&
            words_[0].compare_exchange_strong(held, held | (free & -free), std::memory_order_acquire,
                                              std::memory_order_relaxed)) [[likely]]
            return static_cast<std::uint32_t>(std::countr_zero(free));
        return claim_anywhere();
    }
    // Not an optional: that would come back through memory, in two pieces, on the way of each sample.
    static constexpr std::uint32_t no_cell = std::numeric_limits<std::uint32_t>::max();
    // True: the set is closed, and this was the last.
    [[nodiscard]] bool release(std::uint32_t cell) {
        const std::uint64_t bit = std::uint64_t{1} << cell % cells_per_word;
        // Release: pairs with claim(). Acquire: who clears up has seen what all others did with their cells.
        const std::uint64_t before = words_[cell / cells_per_word].fetch_and(~bit, std::memory_order_acq_rel);
        if ((before & ~bit) != closed) [[likely]]
            return false;
        return words_in_use_.fetch_sub(1, std::memory_order_acq_rel) == 1;
    }

    void open() {
        // One more than the words, so that close() is through all of them before anybody can be the last.
        words_in_use_.store(word_count_ + 1, std::memory_order_relaxed);
        for (std::uint32_t i = 0; i < word_count_; ++i)
            words_[i].store(0, std::memory_order_release);  // pairs with claim()
    }
    // True: nothing is held. Called once for each open().
    [[nodiscard]] bool close() {
        std::uint32_t unused = 1;
        for (std::uint32_t i = 0; i < word_count_; ++i)
            if (words_[i].fetch_or(closed, std::memory_order_acq_rel) == 0) ++unused;
        return words_in_use_.fetch_sub(unused, std::memory_order_acq_rel) == unused;
    }
    bool is_closed() const { return (words_[0].load(std::memory_order_relaxed) & closed) != 0; }
    // How many are held just now.
    std::uint32_t held() const {
        std::uint32_t count = 0;
        for (std::uint32_t i = 0; i < word_count_; ++i)
            count += static_cast<std::uint32_t>(
                std::popcount(words_[i].load(std::memory_order_relaxed) & ~closed));
        return count;
    }
    bool is_idle() const {
        for (std::uint32_t i = 0; i < word_count_; ++i)
            if ((words_[i].load(std::memory_order_relaxed) & ~closed) != 0) return false;
        return true;
    }

 private:
    static constexpr std::uint64_t closed = std::uint64_t{1} << 63;
    static_assert(cells_per_word > 0 && cells_per_word <= 63);

    static constexpr std::uint64_t mask_of(std::uint32_t cells) { return (std::uint64_t{1} << cells) - 1; }
    std::uint64_t cells_of(std::uint32_t word) const {
        if (word == 0) return first_mask_;
        return word + 1 == word_count_ ? last_mask_ : mask_of(cells_per_word);
    }

    std::uint32_t claim_anywhere() {
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

    std::uint32_t word_count_;
    std::uint64_t first_mask_;  // cells of the first word
    std::uint64_t last_mask_;   // cells of the last word
    typename Atomics::Words words_;
    // While closing: with a cell that is held.
    typename Atomics::template Atomic<std::uint64_t> words_in_use_{0};
};

}  // namespace ipc::ring
