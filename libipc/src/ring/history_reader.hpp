// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "layout/data.hpp"
#include "layout/descriptor.hpp"
#include "ring/slot.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace ipc::ring {

// The receiver's half of the history: reads through a mapping that it cannot write, and needs nothing from
// the sender, which may be asleep or dead. Holds no state; one for each reading thread.
template <class Atomics>
class HistoryReader {
 public:
    enum class Outcome : std::uint8_t {
        copied,
        gone,       // never there, or replaced before it was copied: something newer is there
        corrupted,  // whole, but its block lies outside the sender's segments
    };

    HistoryReader(const std::byte* data_segment, std::uint64_t entries)
        : segment_(data_segment), entries_(entries) {}

    // The number after the newest sample that is there, or 0 if none is. Reads every entry.
    [[nodiscard]] std::uint64_t end() const {
        std::uint64_t newest = 0;
        for (std::uint64_t index = 0; index < entries_; ++index) {
            std::uint64_t const found = entry_word(index).load(std::memory_order_relaxed);
            // A number that does not belong here was made up; what it would promise is not there.
            if (found != 0 && found < counting_bound && (found - 1) % entries_ == index)
                newest = std::max(newest, found);
        }
        return newest;
    }

    // Whether copy() is worth a try: one look, and nothing is promised.
    [[nodiscard]] bool has(std::uint64_t sequence) const {
        return entry_word(sequence % entries_).load(std::memory_order_relaxed) == sequence + 1;
    }

    // Copies the block of one sample, word by word. `resolve(descriptor)`
    // returns where the block begins, as a `const std::byte*` in the sender's
    // memory that is good for `words` words, or null if it is not in there.
    template <class Resolve>
    [[nodiscard]] Outcome copy(std::uint64_t sequence, std::uint64_t* block, std::size_t words,
                               Resolve&& resolve) const {
        return copy_with(sequence, [&](const layout::Descriptor& descriptor) {
            const std::byte* const source = resolve(descriptor);
            if (source != nullptr) copy_words(source, block, words);
            return source != nullptr;
        });
    }
    static void copy_words(const std::byte* source, std::uint64_t* block, std::size_t words) {
        for (std::size_t i = 0; i < words; ++i)
            block[i] = Atomics::word(source, i * sizeof(std::uint64_t)).load(std::memory_order_relaxed);
    }

    // Likewise, of a block that says itself how long it is. `fetch(descriptor)` copies it, by relaxed loads
    // of words; false: it is not in the sender's memory. What it copied counts only if this says `copied`.
    template <class Fetch>
    [[nodiscard]] Outcome copy_with(std::uint64_t sequence, Fetch&& fetch) const {
        std::uint64_t const index = sequence % entries_;
        auto&& word = entry_word(index);
        // Acquire: pairs with the last store in HistoryWriter::publish(), for the descriptor and the payload.
        if (word.load(std::memory_order_acquire) != sequence + 1) return Outcome::gone;
        auto const descriptor = layout::Descriptor::unpack(
            Atomics::word(segment_, offset(index) + layout::Data::HistoryEntry::descriptor)
                .load(std::memory_order_relaxed));
        bool const found = fetch(descriptor);
        // Acquire: if anything above was of a later sample, the entry is seen to have changed. Pairs with the
        // release fence in HistoryWriter::publish().
        Atomics::acquire_fence();
        if (word.load(std::memory_order_relaxed) != sequence + 1) return Outcome::gone;
        return found ? Outcome::copied : Outcome::corrupted;
    }

    // The range [from, to) as far as the ring can hold it, oldest first: copies each sample into `block` and
    // calls deliver(sequence), skipping what is gone. False: corrupted, and the rest was not read. `to` may
    // come from the peer; the number of steps does not.
    template <class Resolve, class Deliver>
    [[nodiscard]] bool copy_range(std::uint64_t from, std::uint64_t to, std::uint64_t* block,
                                  std::size_t words, Resolve&& resolve, Deliver&& deliver) const {
        if (to > entries_) from = std::max(from, to - entries_);
        for (; from < to; ++from) {
            Outcome const outcome = copy(from, block, words, resolve);
            if (outcome == Outcome::corrupted) return false;
            if (outcome == Outcome::copied) deliver(from);
        }
        return true;
    }

 private:
    std::uint64_t offset(std::uint64_t index) const {
        return layout::Data::history + index * layout::Data::HistoryEntry::size;
    }
    decltype(auto) entry_word(std::uint64_t index) const {
        return Atomics::word(segment_, offset(index) + layout::Data::HistoryEntry::word);
    }

    const std::byte* segment_;
    std::uint64_t entries_;
};

}  // namespace ipc::ring
