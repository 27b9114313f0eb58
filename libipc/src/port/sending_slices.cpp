// SPDX-License-Identifier: Apache-2.0
// The way of a slice: how long its block is, it says itself.
#include "port/sending.hpp"

namespace ipc::port {

std::uint64_t elements_of(const layout::Sample& block, const void* payload) {
    if (!block.is_slice) return 1;
    const std::byte* const begin = static_cast<const std::byte*>(payload) - block.payload_offset;
    return ring::StdAtomics::word(begin, block.elements_offset).load(std::memory_order_relaxed);
}

[[gnu::noinline]] detail::LoanedChunk SendingPort::loan_slice_now(std::uint64_t elements) {
    if (grown_) trim_now_and_then();
    const detail::LoanedChunk loaned = elements > settings_.max_slice_len ? loan_grown(elements) : loan_now();
    if (loaned.payload == nullptr) return loaned;
    std::byte* const block = static_cast<std::byte*>(loaned.payload) - payload_offset_;
    ring::StdAtomics::word(block, block_.elements_offset).store(elements, std::memory_order_relaxed);
    return loaned;
}

SendingPort::SliceWay SendingPort::slice_way(ring::ChunkId chunk) const {
    const std::byte* const block = block_at(chunk);
    const std::uint64_t size = block_.size_of(elements_of(block_, block + payload_offset_));
    const bool grown = GrownSegments::holds(chunk);
    return {.travels_in_slot = size <= block_.slot_room(),
            .index = grown ? GrownSegments::number_of(chunk) : std::uint8_t{0},
            .length = size / sizeof(std::uint64_t),
            .start = grown ? grown_->start(chunk) : segment_};
}

[[gnu::noinline]] std::int64_t SendingPort::send_slice_through(std::span<OutgoingRing* const> rings,
                                                               std::uint64_t sequence, ring::ChunkId chunk) {
    return send_block(rings, sequence, chunk, block_at(chunk), slice_way(chunk));
}

}  // namespace ipc::port
