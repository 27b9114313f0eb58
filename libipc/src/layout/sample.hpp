// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "alignment.hpp"

#include <algorithm>
#include <cstdint>

namespace ipc::layout {

struct SizeAndAlignment {
    std::uint64_t size = 0;
    std::uint64_t alignment = 1;
};

// Where timestamp, user header and payload of one sample, request or response lie in its block: a chunk of a
// data segment, the room in a slot, or a receiver's own copy of that. Both ends compute it from the service's
// settings.
struct Sample {
    // Room for a block in a slot of one cache line, and of two: the line less publication word, sequence
    // number and descriptor.
    static constexpr std::uint64_t small_room = 40;
    static constexpr std::uint64_t large_room = 104;

    std::uint64_t timestamp_offset = 0;
    std::uint64_t lane_offset = 0;      // of a request: which lane its responses go into
    std::uint64_t deadline_offset = 0;  // of a request: by the steady clock, in nanoseconds; 0 is none
    std::uint64_t user_header_offset = 0;
    std::uint64_t payload_offset = 0;
    std::uint64_t payload_size = 0;
    std::uint64_t user_header_size = 0;  // 0: there is none
    std::uint64_t size = 0;              // of the block, a multiple of 8, so that it can be copied by words
    std::uint64_t alignment = 8;         // of the block, at least 8
    bool has_timestamp = false;

    constexpr bool has_user_header() const { return user_header_size != 0; }
    constexpr bool fits_slot() const { return size <= large_room; }
    constexpr std::uint64_t slot_size() const {
        return size > small_room && size <= large_room ? 2 * cache_line : cache_line;
    }
    // What a descriptor's offset counts in.
    constexpr std::uint64_t unit() const { return std::max(alignment, cache_line); }
    // From one chunk to the next. First-level caches choose a line's place by its address within a page, so
    // chunks of whole pages would all begin in the same place, where few lines fit, and end in another: each
    // message would cost a miss more (measured: a seventh of it). One unit more spreads them.
    constexpr std::uint64_t chunk_size() const {
        const std::uint64_t whole = round_up(size, unit());
        return unit() < page_size && whole % page_size == 0 ? sum(whole, unit()) : whole;
    }
};

// `preamble`: bytes that lie before everything else.
constexpr Sample block(SizeAndAlignment payload, SizeAndAlignment user_header, std::uint64_t preamble) {
    Sample result;
    result.alignment = std::max({std::uint64_t{8}, payload.alignment, user_header.alignment});
    result.payload_size = payload.size;
    result.user_header_size = user_header.size;
    std::uint64_t end = preamble;
    result.user_header_offset = round_up(end, user_header.alignment);
    end = user_header.size == 0 ? end : sum(result.user_header_offset, user_header.size);
    result.payload_offset = round_up(end, payload.alignment);
    result.size = round_up(sum(result.payload_offset, payload.size), 8);
    return result;
}

constexpr Sample sample(SizeAndAlignment payload, SizeAndAlignment user_header, bool has_timestamp) {
    Sample result = block(payload, user_header, has_timestamp ? sizeof(std::uint64_t) : 0);
    result.has_timestamp = has_timestamp;
    return result;
}

constexpr Sample request(SizeAndAlignment payload, SizeAndAlignment user_header) {
    Sample result = block(payload, user_header, 2 * sizeof(std::uint64_t));
    result.deadline_offset = sizeof(std::uint64_t);
    return result;
}

}  // namespace ipc::layout
