// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "alignment.hpp"
#include "limits.hpp"
#include "sample.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>

// How large a further data segment is, and the chunks in it. A segment has chunks of one size, so that each
// loan of that size can reuse one.
namespace ipc::layout {

// Bytes of a block, rounded up by at most an eighth. There are eight sizes from one power of two to the next,
// so that loans of many lengths share a few kinds of segments.
constexpr std::uint64_t best_fit(std::uint64_t size) {
    const int width = static_cast<int>(std::bit_width(size));
    return round_up(size, std::uint64_t{1} << std::max(3, width - 4));
}

constexpr std::uint64_t power_of_two(std::uint64_t size) {
    return size > std::uint64_t{1} << 62 ? beyond_all_sizes : std::bit_ceil(size);
}

struct GrownSegment {
    std::uint64_t chunk_size = 0;  // from one chunk to the next
    std::uint64_t chunk_count = 0;
    std::uint64_t size = 0;
};

// Small chunks come many at a time, for each segment costs a descriptor and a round trip; large ones alone,
// so that each goes back as soon as it is empty; unless there are many of them already.
constexpr GrownSegment grown_segment(const Sample& sample, std::uint64_t block_size,
                                     std::uint64_t chunks_so_far, std::uint64_t most_chunks,
                                     bool in_huge_pages) {
    constexpr std::uint64_t shared_by_small_ones = std::uint64_t{2} << 20;
    GrownSegment result;
    result.chunk_size = sample.chunk_size(block_size);
    const std::uint64_t wanted = std::max(shared_by_small_ones / result.chunk_size, chunks_so_far / 4);
    const std::uint64_t most =
        std::min({most_chunks, max_grown_chunks, max_segment_size / result.chunk_size});
    result.chunk_count = std::max<std::uint64_t>(1, std::min(wanted, most));
    result.size = round_up(product(result.chunk_count, result.chunk_size),
                           in_huge_pages ? std::uint64_t{2} << 20 : page_size);
    return result;
}

}  // namespace ipc::layout
