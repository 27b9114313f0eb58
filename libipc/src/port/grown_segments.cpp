// SPDX-License-Identifier: Apache-2.0
#include "port/grown_segments.hpp"

#include "layout/alignment.hpp"

#include <algorithm>
#include <utility>

namespace ipc::port {

template <class Acquire>
std::optional<ring::ChunkId> GrownSegments::acquire_with(std::uint64_t block_size, Acquire&& acquire) {
    for (std::size_t number = 1; number < segments_.size(); ++number) {
        if (!segments_[number] || segments_[number]->block_size != block_size) continue;
        Segment& segment = *segments_[number];
        const std::optional<ring::ChunkId> index = acquire(segment.books);
        if (!index) continue;
        segment.used_at = ++acquisitions_;
        peak_ = std::max(peak_, in_use());
        return grown | static_cast<std::uint32_t>(number << index_bits) | *index;
    }
    return std::nullopt;
}

std::optional<ring::ChunkId> GrownSegments::acquire(std::uint64_t block_size) {
    return acquire_with(block_size, [](ring::ChunkBooks& books) { return books.acquire(); });
}

std::optional<ring::ChunkId> GrownSegments::acquire_fresh(std::uint64_t block_size) {
    return acquire_with(block_size, [](ring::ChunkBooks& books) { return books.acquire_fresh(); });
}

std::uint64_t GrownSegments::chunks_for(std::uint64_t block_size) const {
    std::uint64_t chunks = 0;
    for (const auto& segment : segments_)
        if (segment && segment->block_size == block_size) chunks += segment->chunk_count;
    return chunks;
}

// Each number has its turn: so one does not come again at once.
std::optional<std::uint32_t> GrownSegments::free_number() {
    for (std::size_t i = 1; i < segments_.size(); ++i) {
        last_number_ = last_number_ % static_cast<std::uint32_t>(layout::max_further_segments) + 1;
        if (!segments_[last_number_]) return last_number_;
    }
    return std::nullopt;
}

void GrownSegments::add(std::uint32_t number, wire::Uuid id, std::uint64_t block_size,
                        const layout::GrownSegment& layout, shm::Mapping mapping) {
    ring::ChunkBooks books{0, layout.chunk_size, static_cast<std::uint32_t>(layout.chunk_count),
                           layout::page_size, prefaulted_ ? layout.size : 0};
    if (prefaulted_) books.touch();
    segments_[number] = std::make_unique<Segment>(Segment{.id = id,
                                                          .block_size = block_size,
                                                          .size = layout.size,
                                                          .chunk_count = layout.chunk_count,
                                                          .mapping = std::move(mapping),
                                                          .books = std::move(books),
                                                          .used_at = acquisitions_});
    ++count_;
    held_ += layout.size;
}

std::uint64_t GrownSegments::in_use() const {
    std::uint64_t bytes = 0;
    for (const auto& segment : segments_)
        if (segment && !segment->is_idle()) bytes += segment->size;
    return bytes;
}

wire::Uuid GrownSegments::take(std::size_t number) {
    const auto segment = std::move(segments_[number]);
    --count_;
    held_ -= segment->size;
    return segment->id;
}

std::vector<wire::Uuid> GrownSegments::make_room(std::uint64_t size) {
    std::vector<wire::Uuid> given_back;
    const std::uint64_t most = std::max(peak_, in_use() + size);
    while (held_ + size > most || count_ == layout::max_further_segments) {
        std::size_t oldest = 0;
        for (std::size_t number = 1; number < segments_.size(); ++number)
            if (segments_[number] && segments_[number]->is_idle() &&
                (oldest == 0 || segments_[number]->used_at < segments_[oldest]->used_at))
                oldest = number;
        if (oldest == 0) break;
        given_back.push_back(take(oldest));
    }
    return given_back;
}

template <class Predicate>
std::vector<wire::Uuid> GrownSegments::take_if(Predicate&& predicate) {
    std::vector<wire::Uuid> given_back;
    for (std::size_t number = 1; number < segments_.size(); ++number)
        if (segments_[number] && segments_[number]->is_idle() && predicate(*segments_[number]))
            given_back.push_back(take(number));
    return given_back;
}

std::vector<wire::Uuid> GrownSegments::take_idle() {
    peak_ = in_use();
    return take_if([](const Segment&) { return true; });
}

std::vector<wire::Uuid> GrownSegments::take_unused() {
    peak_ = in_use();
    const std::uint64_t last = std::exchange(last_trim_, acquisitions_);
    return take_if([last](const Segment& segment) { return segment.used_at <= last; });
}

}  // namespace ipc::port
