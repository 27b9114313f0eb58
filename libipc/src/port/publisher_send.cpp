// SPDX-License-Identifier: Apache-2.0
// A publisher's operations, over the way of a block that all sending ports have.
#include "port/publisher_port.hpp"
#include "port/sending.hpp"
#include "port/waiting.hpp"

#include <cstring>
#include <utility>

namespace ipc::port {

detail::LoanedChunk PublisherPort::loan() {
    if (needs_attention()) [[unlikely]]
        return loan_attended(1);
    return loan_now();
}

detail::LoanedChunk PublisherPort::loan_slice(std::uint64_t elements) {
    if (is_disturbed() || !is_slice_) [[unlikely]]
        return loan_attended(elements);
    return loan_slice_now(elements);
}

[[gnu::noinline]] detail::LoanedChunk PublisherPort::loan_attended(std::uint64_t elements) {
    if (is_forked_copy()) return no_loan(LoanError::ForkedProcess);
    const auto lock = attend();
    return loan_elements(elements);
}

void PublisherPort::return_loan(ring::ChunkId chunk) {
    if (is_forked_copy()) return;
    auto lock = lock_if_shared();
    end_loan(chunk);
    end_if_unused(std::move(lock));
}

[[gnu::noinline]] void PublisherPort::stamp(std::uint64_t sequence, ring::ChunkId chunk) {
    if (block_.has_timestamp) {
        const std::uint64_t now = steady_now_ns();
        std::memcpy(block_at(chunk) + block_.timestamp_offset, &now, sizeof now);
    }
    if (history_) record_history(sequence, chunk);
}

// Before the deliveries: a receiver that joins between the two finds the sample in the history.
void PublisherPort::record_history(std::uint64_t sequence, ring::ChunkId chunk) {
    add_references(chunk, 1);
    const auto replaced = history_->publish(sequence, place_of_block(chunk), chunk);
    if (replaced != ring::no_chunk) give_back(replaced);
}

// The sequence number is the count of what was sent, and so travels in the counter.
[[gnu::always_inline]] inline std::uint64_t PublisherPort::number(ring::ChunkId chunk) {
    const std::uint64_t sequence = sent_.value() + 1;
    sent_.set(sequence);
    if (!plain_) [[unlikely]]
        stamp(sequence, chunk);
    return sequence;
}

// All of the way of what has a fixed size is here: with a jump to it in between, a message took 5 % longer.
std::int64_t PublisherPort::send(ring::ChunkId chunk) {
    // Whether it is open is asked last: where threads share it, that is known under the lock only.
    if (is_disturbed() || !open_) [[unlikely]]
        return send_attended(chunk);
    if (is_slice_) [[unlikely]]
        return send_slice(chunk);
    return send_through(rings_, number(chunk), chunk);
}

[[gnu::noinline]] std::int64_t PublisherPort::send_slice(ring::ChunkId chunk) {
    return send_slice_through(rings_, number(chunk), chunk);
}

[[gnu::noinline]] std::int64_t PublisherPort::send_attended(ring::ChunkId chunk) {
    if (is_forked_copy()) return not_sent(SendError::ForkedProcess);
    auto lock = attend();
    const std::int64_t outcome = send_any(rings_, number(chunk), chunk);
    end_if_unused(std::move(lock));
    return outcome;
}

}  // namespace ipc::port
