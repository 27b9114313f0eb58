// SPDX-License-Identifier: Apache-2.0
// A late joiner in a data segment of arbitrary bytes.
#include "fuzz/target.hpp"
#include "layout/data.hpp"
#include "layout/descriptor.hpp"
#include "ring/atomics.hpp"
#include "ring/history_reader.hpp"
#include "ring/segment.hpp"

#include <array>
#include <cstdint>

FUZZ_TARGET(history) {
    using Reader = ipc::ring::HistoryReader<ipc::ring::StdAtomics>;
    constexpr std::uint64_t block_words = 2;
    fuzz::Bytes bytes{input};
    const std::uint64_t entries = 1 + bytes.byte() % 6U;
    const std::uint64_t chunks = entries * ipc::layout::Data::HistoryEntry::size;
    const std::uint64_t chunk_count = 4;
    const std::uint64_t size = chunks + chunk_count * block_words * 8;
    const std::uint64_t from = bytes.number(1);
    const std::uint64_t to = bytes.number(8);
    ring_tests::Segment segment{size};
    for (std::uint64_t at = 0; at < size && !bytes.empty(); at += 8)
        segment.word(at).store(bytes.number(bytes.byte() % 2U == 0 ? 1 : 8), std::memory_order_relaxed);

    const Reader reader{segment.data(), entries};
    const auto resolve = [&](ipc::layout::Descriptor descriptor) -> const std::byte* {
        if (descriptor.segment != 0 || descriptor.offset >= chunk_count) return nullptr;
        return segment.data() + chunks + descriptor.offset * block_words * 8;
    };
    for (const std::uint64_t end : {to, reader.end()}) {
        std::array<std::uint64_t, block_words> block{};
        std::uint64_t delivered = 0;
        std::uint64_t last = 0;
        static_cast<void>(
            reader.copy_range(from, end, block.data(), block.size(), resolve, [&](std::uint64_t sequence) {
                fuzz::check(sequence >= from && sequence < end, "a sample that nobody asked for");
                fuzz::check(delivered == 0 || sequence > last, "samples out of their order");
                last = sequence;
                ++delivered;
            }));
        fuzz::check(delivered <= entries, "more samples than the ring holds");
    }
}
