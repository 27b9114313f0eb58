// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "layout/growth.hpp"
#include "layout/limits.hpp"
#include "layout/sample.hpp"
#include "ring/chunk_books.hpp"
#include "shm/mapping.hpp"
#include "wire/uuid.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace ipc::port {

// The further data segments of a sending port, and who holds which chunk in them: private to the thread that
// the port belongs to. A chunk's number says its segment, so that it can be told from those of the first.
//
// Segments that emptied are kept for the next loans of their size, as long as all of them together are no
// more than was in flight at once; and they are given back when they were not used for a while.
class GrownSegments {
 public:
    // Bytes of memory that count as paid in a fresh segment: all, where it is prefaulted.
    explicit GrownSegments(bool prefaulted) : prefaulted_{prefaulted} {}

    static bool holds(ring::ChunkId chunk) { return (chunk & grown) != 0; }
    static std::uint8_t number_of(ring::ChunkId chunk) {
        return static_cast<std::uint8_t>(chunk >> index_bits & 0xff);
    }

    std::byte* start(ring::ChunkId chunk) const { return of(chunk).mapping.data(); }
    std::byte* block(ring::ChunkId chunk) const { return start(chunk) + offset(chunk); }
    std::uint64_t offset(ring::ChunkId chunk) const { return of(chunk).books.offset(index_of(chunk)); }
    void add_references(ring::ChunkId chunk, std::uint32_t count) {
        of(chunk).books.add_references(index_of(chunk), count);
    }
    void release_reference(ring::ChunkId chunk) { (void)of(chunk).books.release_reference(index_of(chunk)); }

    // A chunk for blocks of that size (as rounded up), on memory that is paid for; or on fresh memory.
    std::optional<ring::ChunkId> acquire(std::uint64_t block_size);
    std::optional<ring::ChunkId> acquire_fresh(std::uint64_t block_size);
    std::uint64_t chunks_for(std::uint64_t block_size) const;

    // The number of a segment that is yet to come; none: there are as many as there can be.
    std::optional<std::uint32_t> free_number();
    void add(std::uint32_t number, wire::Uuid id, std::uint64_t block_size,
             const layout::GrownSegment& layout, shm::Mapping mapping);

    // What is to be given back: segments in which nothing is held. They are unmapped with this.
    // So that one of that size finds room within what was in flight at once.
    std::vector<wire::Uuid> make_room(std::uint64_t size);
    std::vector<wire::Uuid> take_idle();
    // Those that were not used since the last call of this.
    std::vector<wire::Uuid> take_unused();
    bool empty() const { return count_ == 0; }

 private:
    static constexpr ring::ChunkId grown = layout::max_growing_chunks;
    static constexpr unsigned index_bits = 20;
    static_assert(layout::max_grown_chunks <= std::uint64_t{1} << index_bits);
    static_assert(layout::max_further_segments < 0xff);  // which no_chunk would name

    struct Segment {
        wire::Uuid id;
        std::uint64_t block_size;
        std::uint64_t size;
        std::uint64_t chunk_count;
        shm::Mapping mapping;
        ring::ChunkBooks books;
        std::uint64_t used_at;  // in the count of acquisitions

        bool is_idle() const { return books.in_use() == 0; }
    };
    static std::uint32_t index_of(ring::ChunkId chunk) { return chunk & ((1U << index_bits) - 1); }
    Segment& of(ring::ChunkId chunk) const { return *segments_[number_of(chunk)]; }
    template <class Acquire>
    std::optional<ring::ChunkId> acquire_with(std::uint64_t block_size, Acquire&& acquire);
    std::uint64_t in_use() const;
    wire::Uuid take(std::size_t number);
    template <class Predicate>
    std::vector<wire::Uuid> take_if(Predicate&& predicate);

    std::array<std::unique_ptr<Segment>, layout::max_further_segments + 1> segments_;
    const bool prefaulted_;
    std::size_t count_ = 0;
    std::uint32_t last_number_ = 0;
    std::uint64_t held_ = 0;  // bytes of all segments
    std::uint64_t peak_ = 0;  // most bytes of those in use at once
    std::uint64_t acquisitions_ = 0;
    std::uint64_t last_trim_ = 0;  // likewise
};

}  // namespace ipc::port
