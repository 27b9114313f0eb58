// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

namespace ipc::port {

// Which cells of a place are held, a bit each, for all threads of a subscriber. Holding one holds the place:
// whoever ends a connection closes the set, and the last that gives its cell back afterwards clears up.
class Borrows {
 public:
    explicit Borrows(std::uint32_t capacity);  // closed

    // The lowest free cell, so that few cells stay in the cache. Nothing: all are held, or it is closed.
    std::optional<std::uint32_t> claim();
    // True: the set is closed, and this was the last.
    [[nodiscard]] bool release(std::uint32_t cell);

    void open();
    // True: nothing is held. Called once for each open().
    [[nodiscard]] bool close();
    bool is_closed() const { return (words_[0].load(std::memory_order_relaxed) & closed) != 0; }
    bool is_idle() const;

 private:
    static constexpr std::uint32_t cells_per_word = 63;
    static constexpr std::uint64_t closed = std::uint64_t{1} << 63;

    std::uint64_t cells_of(std::uint32_t word) const {
        return word + 1 == word_count_ ? last_mask_ : closed - 1;
    }

    std::uint32_t word_count_;
    std::uint64_t last_mask_;  // cells of the last word
    std::unique_ptr<std::atomic<std::uint64_t>[]> words_;
    std::atomic<std::uint32_t> words_in_use_{0};  // while closing: with a cell that is held
};

}  // namespace ipc::port
