// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "layout/alignment.hpp"
#include "ring/delivery_sender.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>

namespace ipc::ring {

// Who holds which chunk of one data segment: private memory of the sender, used by one thread at a time. A
// chunk in use has one reference for its loan, one for its place in the history, and one for each delivery
// that is out. One that is free keeps the count of 1 that its next loan will have: so a chunk that never
// leaves its sender costs no store here.
//
// Memory is paid when touched. So a sender takes chunks in this order: acquire() (used before, or on a page
// that is paid for); look at its return flags and acquire() again; acquire_fresh().
class ChunkBooks {
 public:
    // `first_chunk`: offset of the chunks in their segment. The first `paid` bytes of the segment count as
    // touched: the history ring in front of the chunks, or all of it when it was prefaulted, or what the
    // caller thinks cheaper to touch than to look at flags for.
    ChunkBooks(std::uint64_t first_chunk, std::uint64_t chunk_size, std::uint32_t chunk_count,
               std::uint64_t page_size, std::uint64_t paid)
        : first_chunk_(first_chunk),
          chunk_size_(chunk_size),
          page_size_(page_size),
          chunk_count_(chunk_count),
          // Left uninitialised, so that these books, too, are paid as far as they are touched.
          references_(new std::uint32_t[chunk_count]),
          free_(new ChunkId[chunk_count]) {
        pay(paid);
    }

    // Touches all of these books, so that no page fault comes later.
    void touch() {
        std::fill_n(references_.get(), chunk_count_, 0U);
        std::fill_n(free_.get(), chunk_count_, 0U);
    }

    // A chunk whose memory is already paid for, with one reference; the one returned last first.
    std::optional<ChunkId> acquire() {
        if (free_count_ != 0) [[likely]]
            return free_[--free_count_];
        if (frontier_ < paid_chunks_) return begin_using(frontier_++);
        return std::nullopt;
    }

    // Whether acquire() would return one.
    bool has_ready() const { return free_count_ != 0 || frontier_ < paid_chunks_; }
    // The one that it would return, where that has been used before; else no_chunk.
    ChunkId next_used() const { return free_count_ != 0 ? free_[free_count_ - 1] : no_chunk; }

    // A chunk that has never been used, whose pages are paid with this; none if all have been.
    std::optional<ChunkId> acquire_fresh() {
        if (frontier_ == chunk_count_) return std::nullopt;
        ChunkId const chunk = frontier_++;
        pay(first_chunk_ + frontier_ * chunk_size_);
        return begin_using(chunk);
    }

    void add_references(ChunkId chunk, std::uint32_t count) { references_[chunk] += count; }

    // True: it was the last one, and the chunk is free.
    bool release_reference(ChunkId chunk) {
        if (references_[chunk] != 1) {
            --references_[chunk];
            return false;
        }
        free_[free_count_++] = chunk;
        return true;
    }

    // Whether nobody holds it. Looks at all that are free: for checks.
    bool is_free(ChunkId chunk) const {
        return chunk >= frontier_ || std::count(free_.get(), free_.get() + free_count_, chunk) != 0;
    }
    std::uint64_t offset(ChunkId chunk) const { return first_chunk_ + chunk * chunk_size_; }
    std::uint32_t in_use() const { return frontier_ - free_count_; }
    std::uint32_t touched() const { return frontier_; }

 private:
    ChunkId begin_using(ChunkId chunk) {
        references_[chunk] = 1;
        return chunk;
    }

    // Whoever touches a byte pays for its whole page.
    void pay(std::uint64_t end) {
        std::uint64_t const paid = layout::round_up(end, page_size_);
        std::uint64_t const whole = paid <= first_chunk_ ? 0 : (paid - first_chunk_) / chunk_size_;
        paid_chunks_ = whole < chunk_count_ ? static_cast<std::uint32_t>(whole) : chunk_count_;
    }

    std::uint64_t first_chunk_;
    std::uint64_t chunk_size_;
    std::uint64_t page_size_;
    std::uint32_t chunk_count_;
    std::uint32_t free_count_ = 0;
    std::uint32_t frontier_ = 0;                   // chunks before this one have been used
    std::uint32_t paid_chunks_ = 0;                // chunks before this one lie on pages that were touched
    std::unique_ptr<std::uint32_t[]> references_;  // of chunks before the frontier
    std::unique_ptr<ChunkId[]> free_;              // a stack
};

}  // namespace ipc::ring
