// SPDX-License-Identifier: Apache-2.0
// Loans that are longer than the chunks of the first data segment.
#include "layout/growth.hpp"
#include "port/sending.hpp"

#include <utility>

namespace ipc::port {

namespace {

// Loans between two looks at what emptied and was not used since the last.
constexpr std::uint32_t loans_between_trims = 256;

std::uint64_t rounded_up(std::uint64_t size, AllocationStrategy strategy) {
    return strategy == AllocationStrategy::PowerOfTwo ? layout::power_of_two(size) : layout::best_fit(size);
}

}  // namespace

// A look that finds something does not look whether the receivers have taken more meanwhile: the next does.
void SendingPort::collect_all() {
    collect();
    collect();
}

[[gnu::noinline]] std::optional<ring::ChunkId> SendingPort::find_grown_chunk(std::uint64_t block_size) {
    if (auto chunk = grown_->acquire(block_size)) return chunk;
    collect_all();
    if (auto chunk = grown_->acquire(block_size)) return chunk;
    if (auto chunk = grown_->acquire_fresh(block_size)) return chunk;
    if (!grow(block_size)) return std::nullopt;
    return grown_->acquire_fresh(block_size);
}

[[gnu::noinline]] detail::LoanedChunk SendingPort::loan_grown(std::uint64_t elements) {
    const std::uint64_t size = block_.size_of(elements);
    // What no segment could hold is no matter of memory.
    if (!grown_ || block_.chunk_size(rounded_up(size, settings_.allocation)) > layout::max_segment_size)
        return no_loan(LoanError::ExceedsMaxLoanSize);
    if (loaned_.value() >= max_loaned_) return no_loan(LoanError::ExceedsMaxLoans);
    const auto chunk = find_grown_chunk(rounded_up(size, settings_.allocation));
    if (!chunk) return no_loan(LoanError::OutOfMemory);
    loaned_.add(1);
    return {.payload = grown_->block(*chunk) + payload_offset_, .chunk_or_error = *chunk};
}

bool SendingPort::grow(std::uint64_t block_size) {
    const layout::GrownSegment layout = layout::grown_segment(
        block_, block_size, grown_->chunks_for(block_size), settings_.data.chunk_count, settings_.huge_pages);
    give_back_segments(grown_->make_room(layout.size));
    if (try_to_grow(block_size, layout)) return true;
    // What emptied, and would have been kept for a while, may be what is missing.
    const auto idle = grown_->take_idle();
    if (idle.empty()) return false;
    give_back_segments(idle);
    return try_to_grow(block_size, layout);
}

bool SendingPort::try_to_grow(std::uint64_t block_size, const layout::GrownSegment& layout) {
    const auto number = grown_->free_number();
    if (!number) return false;
    std::optional<shm::Mapping> mapped;
    const auto build = [&](const shm::MemoryFile& file) -> tl::expected<void, std::string> {
        auto mapping = map_data(file, layout.size, settings_.residence);
        if (!mapping) return tl::unexpected{std::move(mapping.error())};
        mapped = std::move(*mapping);
        return {};
    };
    const auto segment = session_.grow_port({.port = port_, .number = *number, .size = layout.size}, build,
                                            session_.deadline());
    if (!segment) return false;
    grown_->add(*number, *segment, block_size, layout, std::move(*mapped));
    return true;
}

void SendingPort::give_back_segments(const std::vector<wire::Uuid>& segments) {
    for (const wire::Uuid& segment : segments) session_.shrink_port(port_, segment);
}

// Of a port whose loans are short now nobody would ask about what it has grown before.
[[gnu::noinline]] void SendingPort::trim_now_and_then() {
    if (grown_->empty() || ++loans_since_trim_ < loans_between_trims) return;
    loans_since_trim_ = 0;
    collect_all();
    give_back_segments(grown_->take_unused());
}

// A receiver that has not mapped the segment in which the block is: as one whose buffer is full.
SendingPort::Delivery SendingPort::without_memory(const OutgoingRing& ring) const {
    return overflow_ || ring.sender.receiver_closed(ring.stream) ? Delivery::dropped : Delivery::full;
}

void SendingPort::give_back_all_idle() {
    if (!grown_ || grown_->empty()) return;
    collect_all();
    give_back_segments(grown_->take_idle());
}

}  // namespace ipc::port
