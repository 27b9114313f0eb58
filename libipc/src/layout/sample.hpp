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

// A slice is any number of elements one behind the other, and `type` is an element's.
struct Payload {
    SizeAndAlignment type;
    bool is_slice = false;
};

// Where timestamp, number of elements, user header and payload of one sample, request or response lie in its
// block: a chunk of a data segment, the room in a slot, or a receiver's own copy of that. Both ends compute
// it from the service's settings.
struct Sample {
    // Room for a block in a slot of one cache line, and of two: the line less publication word, sequence
    // number and descriptor.
    static constexpr std::uint64_t small_room = 40;
    static constexpr std::uint64_t large_room = 104;

    std::uint64_t timestamp_offset = 0;
    std::uint64_t lane_offset = 0;      // of a request: which lane its responses go into
    std::uint64_t deadline_offset = 0;  // of a request: by the steady clock, in nanoseconds; 0 is none
    std::uint64_t elements_offset = 0;  // of a slice: how many elements its payload has
    std::uint64_t user_header_offset = 0;
    std::uint64_t payload_offset = 0;
    std::uint64_t payload_size = 0;      // of a slice: an element's
    std::uint64_t user_header_size = 0;  // 0: there is none
    // Of the block, a multiple of 8, so that it can be copied by words; of a slice: without any elements.
    std::uint64_t size = 0;
    std::uint64_t alignment = 8;  // of the block, at least 8
    bool has_timestamp = false;
    bool is_slice = false;

    constexpr bool has_user_header() const { return user_header_size != 0; }
    // Of a slice's block with so many elements.
    constexpr std::uint64_t size_of(std::uint64_t elements) const {
        return round_up(sum(payload_offset, product(elements, payload_size)), 8);
    }
    // Likewise, of a number of elements that is known to end within memory that there is.
    constexpr std::uint64_t words_of(std::uint64_t elements) const {
        return (payload_offset + elements * payload_size + 7) / 8;
    }
    // Whether so many elements and what lies before them end within so many bytes.
    constexpr bool fits(std::uint64_t elements, std::uint64_t bytes) const {
        return sum(payload_offset, product(elements, payload_size)) <= bytes;
    }
    // How many elements do.
    constexpr std::uint64_t most_elements(std::uint64_t bytes) const {
        return bytes <= payload_offset || payload_size == 0 ? 0 : (bytes - payload_offset) / payload_size;
    }
    // How much of a block may come in its slot. A slice comes there if it is short enough, in services where
    // one of a single element is.
    constexpr std::uint64_t slot_room() const {
        if (is_slice) return size_of(1) <= large_room ? large_room : 0;
        return size <= large_room ? size : 0;
    }
    constexpr std::uint64_t slot_size() const {
        return slot_room() > small_room ? 2 * cache_line : cache_line;
    }
    // What a descriptor's offset counts in.
    constexpr std::uint64_t unit() const { return std::max(alignment, cache_line); }
    // What chunks lie at multiples of. Processors fetch lines in pairs: where one chunk ended and the next
    // one began within a pair, a receiver that reads the one would take from the sender what it is about to
    // write (measured: a tenth).
    constexpr std::uint64_t chunk_step() const { return std::max(unit(), separation); }
    // From one chunk to the next. First-level caches choose a line's place by its address within a page, so
    // chunks of whole pages would all begin in the same place, where few lines fit, and end in another: each
    // message would cost a miss more (measured: a seventh of it). One step more spreads them.
    constexpr std::uint64_t chunk_size(std::uint64_t block_size) const {
        const std::uint64_t step = chunk_step();
        const std::uint64_t whole = round_up(block_size, step);
        return step < page_size && whole % page_size == 0 ? sum(whole, step) : whole;
    }
};

// `preamble`: bytes that lie before everything else.
constexpr Sample block(Payload payload, SizeAndAlignment user_header, std::uint64_t preamble) {
    Sample result;
    result.alignment = std::max({std::uint64_t{8}, payload.type.alignment, user_header.alignment});
    result.payload_size = payload.type.size;
    result.user_header_size = user_header.size;
    result.is_slice = payload.is_slice;
    result.elements_offset = preamble;
    std::uint64_t end = payload.is_slice ? preamble + sizeof(std::uint64_t) : preamble;
    result.user_header_offset = round_up(end, user_header.alignment);
    end = user_header.size == 0 ? end : sum(result.user_header_offset, user_header.size);
    result.payload_offset = round_up(end, payload.type.alignment);
    result.size = result.size_of(payload.is_slice ? 0 : 1);
    return result;
}

constexpr Sample sample(Payload payload, SizeAndAlignment user_header, bool has_timestamp) {
    Sample result = block(payload, user_header, has_timestamp ? sizeof(std::uint64_t) : 0);
    result.has_timestamp = has_timestamp;
    return result;
}

constexpr Sample request(Payload payload, SizeAndAlignment user_header) {
    Sample result = block(payload, user_header, 2 * sizeof(std::uint64_t));
    result.deadline_offset = sizeof(std::uint64_t);
    return result;
}

}  // namespace ipc::layout
