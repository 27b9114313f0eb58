// SPDX-License-Identifier: Apache-2.0
// The way of a slice, where nothing is inlined.
#include "port/sending.hpp"

namespace ipc::port {

std::uint64_t elements_of(const layout::Sample& block, const void* payload) {
    if (!block.is_slice) return 1;
    const std::byte* const begin = static_cast<const std::byte*>(payload) - block.payload_offset;
    return ring::StdAtomics::word(begin, block.elements_offset).load(std::memory_order_relaxed);
}

SendingPort::SliceWay SendingPort::slice_way(ring::ChunkId chunk) const {
    return slice_way(chunk, block_at(chunk));
}

[[gnu::noinline]] detail::LoanedChunk SendingPort::loan_slice_out_of_line(std::uint64_t elements) {
    return loan_slice_now(elements);
}

[[gnu::noinline]] std::int64_t SendingPort::send_slice_out_of_line(std::span<OutgoingRing* const> rings,
                                                                   std::uint64_t sequence,
                                                                   ring::ChunkId chunk) {
    return send_slice_through(rings, sequence, chunk);
}

}  // namespace ipc::port
