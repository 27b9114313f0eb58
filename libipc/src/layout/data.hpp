// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "alignment.hpp"
#include "sample.hpp"

#include <cstdint>

namespace ipc::layout {

// A sending port's first data segment: the ring of what it published last, then the chunks.
struct Data {
    struct HistoryEntry {
        static constexpr std::uint64_t word = 0;        // sequence number + 1 when whole, 0 while it changes
        static constexpr std::uint64_t descriptor = 8;  // as in a slot, without a ticket
        static constexpr std::uint64_t size = 16;
    };

    static constexpr std::uint64_t history = 0;
    std::uint64_t history_entries = 0;  // history size + 1, or 0 for none
    std::uint64_t chunks = 0;           // offset
    std::uint64_t chunk_count = 0;
    std::uint64_t chunk_size = 0;
    std::uint64_t size = 0;
};

struct DataDemand {
    std::uint64_t max_receivers = 0;
    std::uint64_t max_buffer_size = 0;
    std::uint64_t max_borrowed = 0;
    std::uint64_t history_size = 0;
    std::uint64_t max_loaned = 0;
    std::uint64_t max_slice_len = 1;  // elements, where the payload is a slice
};

// Enough chunks for every receiver to have its buffer full and its borrows taken, for the history (and the
// entry that is being replaced) and for every loan. Segments are sparse: a chunk never used costs nothing.
constexpr Data data(const DataDemand& demand, const Sample& sample) {
    Data result;
    result.history_entries = demand.history_size == 0 ? 0 : sum(demand.history_size, 1);
    result.chunks = round_up(product(result.history_entries, Data::HistoryEntry::size), sample.chunk_step());
    result.chunk_count = sum(product(demand.max_receivers, sum(demand.max_buffer_size, demand.max_borrowed)),
                             sum(result.history_entries, demand.max_loaned));
    result.chunk_size =
        sample.chunk_size(sample.is_slice ? sample.size_of(demand.max_slice_len) : sample.size);
    result.size = sum(result.chunks, product(result.chunk_count, result.chunk_size));
    return result;
}

// Of a segment as a file: whole huge pages, where it lies in such.
inline constexpr std::uint64_t huge_page_size = std::uint64_t{2} << 20;
constexpr std::uint64_t file_size(std::uint64_t data_size, bool in_huge_pages) {
    return in_huge_pages ? round_up(data_size, huge_page_size) : data_size;
}

}  // namespace ipc::layout
