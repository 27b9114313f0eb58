// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "layout/data.hpp"
#include "layout/descriptor.hpp"
#include "ring/delivery_sender.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace ipc::ring {

// The sender's half of the history: a ring of what it published last, in its own data segment, which readers
// map read-only. Sequence number s lies in entry s % entries. Used by one thread at a time.
template <class Atomics>
class HistoryWriter {
 public:
    // `entries` is the history size + 1, so that while one entry changes the promised number is still there.
    HistoryWriter(std::byte* data_segment, std::uint64_t entries)
        : segment_(data_segment),
          entries_(entries),
          chunks_(std::make_unique<ChunkId[]>(static_cast<std::size_t>(entries))) {
        std::fill_n(chunks_.get(), entries, no_chunk);
    }

    // Replaces the oldest entry by this one, whose chunk is whole. Returns the chunk of the oldest, or
    // no_chunk; it may be released, and then used again, at once.
    [[nodiscard]] ChunkId publish(std::uint64_t sequence, layout::Descriptor descriptor, ChunkId chunk) {
        std::uint64_t const index = index_of(sequence);
        std::uint64_t const entry = layout::Data::history + index * layout::Data::HistoryEntry::size;
        auto&& word = Atomics::word(segment_, entry + layout::Data::HistoryEntry::word);
        word.store(0, std::memory_order_relaxed);
        // Release: what is written from here on (the descriptor, and the old chunk's next payload) is not
        // seen before the entry is seen to change. Pairs with the acquire fence in HistoryReader::copy().
        Atomics::release_fence();
        Atomics::word(segment_, entry + layout::Data::HistoryEntry::descriptor)
            .store(descriptor.pack(), std::memory_order_relaxed);
        // Release: pairs with the acquire in HistoryReader::copy(), for the descriptor and the payload.
        word.store(sequence + 1, std::memory_order_release);
        std::swap(chunk, chunks_[static_cast<std::size_t>(index)]);
        return chunk;
    }

 private:
    // Sequence numbers mostly follow each other: no division for those.
    std::uint64_t index_of(std::uint64_t sequence) {
        if (sequence == last_sequence_ + 1) [[likely]]
            last_index_ = last_index_ + 1 == entries_ ? 0 : last_index_ + 1;
        else
            last_index_ = sequence % entries_;
        last_sequence_ = sequence;
        return last_index_;
    }

    std::byte* segment_;
    std::uint64_t entries_;
    std::uint64_t last_sequence_ = 0;
    std::uint64_t last_index_ = 0;
    std::unique_ptr<ChunkId[]> chunks_;  // of each entry
};

}  // namespace ipc::ring
