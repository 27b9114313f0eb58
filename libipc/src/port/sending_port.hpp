// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/session.hpp"
#include "layout/data.hpp"
#include "layout/sample.hpp"
#include "port/counter.hpp"
#include "port/grown_segments.hpp"
#include "port/handle_share.hpp"
#include "port/outgoing_ring.hpp"
#include "ring/chunk_books.hpp"
#include "shm/fork_guard.hpp"
#include "shm/mapping.hpp"
#include "shm/memory_file.hpp"
#include "shm/residence.hpp"
#include "wire/publish_subscribe.hpp"

#include <ipc/allocation.hpp>
#include <ipc/backpressure.hpp>
#include <ipc/degradation.hpp>
#include <ipc/untyped/sample_mut.hpp>

#include <tl/expected.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ipc::port {

struct SendingSettings {
    layout::Sample block;
    layout::Data data;
    std::uint64_t max_loaned = 0;
    std::uint64_t max_slice_len = 1;  // elements
    bool overflow = true;             // the oldest makes room
    bool thread_safe = false;
    shm::Residence residence = shm::Residence::when_touched;
    bool huge_pages = false;
    AllocationStrategy allocation = AllocationStrategy::Static;
    BackpressureStrategy strategy = BackpressureStrategy::RetryUntilDelivered;
    BackpressureHandler backpressure_handler;
    DegradationHandler degradation_handler;
};

// Words of the port's record, which status shows.
struct SendingCounters {
    std::atomic<std::uint64_t>& sent;
    std::atomic<std::uint64_t>& delivered;
    std::atomic<std::uint64_t>& lost;
    std::atomic<std::uint64_t>& blocked;
    std::atomic<std::uint64_t>& loaned;
    std::atomic<std::uint64_t>& cut;
};

// Of a port whose record begins with them, as a publisher's and a client's do.
SendingCounters first_counters(std::atomic<std::uint64_t>* record);

// The data segment that the broker gave to a sending port; the error says why it cannot be used.
tl::expected<shm::Mapping, std::string> map_data(const std::optional<shm::MemoryFile>& segment,
                                                 std::uint64_t size, shm::Residence residence);
// As it travels; Static is not said.
std::optional<wire::Allocation> allocation_of(AllocationStrategy strategy);
// As a flag travels that is off unless it is said.
inline std::optional<bool> said(bool flag) {
    return flag ? std::optional{true} : std::nullopt;
}
tl::expected<shm::Mapping, std::string> map_data(const shm::MemoryFile& segment, std::uint64_t size,
                                                 shm::Residence residence);
wire::Backpressure backpressure_of(BackpressureStrategy strategy);
// Of a block on loan, whose payload is there.
std::uint64_t elements_of(const layout::Sample& block, const void* payload);

// What all ports that send blocks have in common: the chunks of their data segment, the rings that they send
// through, and what becomes of a full one. Everything here is private to the thread that the port belongs to.
// (The way of a block is in sending.hpp.)
class SendingPort {
 protected:
    enum class Delivery : std::uint8_t { delivered, dropped, full, corrupted };
    // How the block that is being sent travels; see sending.hpp.
    class FixedWay;
    struct SliceWay;
    struct SliceInSlotWay;
    struct SliceInFirstSegmentWay;
    // A block that did not go to all at once.
    struct Sending {
        std::uint64_t sequence;
        ring::ChunkId chunk;
        std::uint32_t delivered;
    };

    SendingPort(control::Session& session, wire::Uuid port, SendingSettings settings,
                const SendingCounters& counters, shm::Mapping data, SharedHandle& own_handle);
    ~SendingPort() = default;

    // What the control thread has for the port, to be taken up between two operations.
    virtual bool has_changes() const = 0;
    virtual void take_changes() = 0;
    // The peer was cut, and its rings are taken out; nothing of it is used any more.
    virtual void forget(const OutgoingPeer& peer) = 0;

    // As the receiver that writes what it cannot have reached is called in the log.
    virtual const char* receiver_name() const = 0;

    std::unique_lock<std::mutex> lock_if_shared() {
        return thread_safe_ ? std::unique_lock{mutex_} : std::unique_lock<std::mutex>{};
    }

    // The way of a block; see sending.hpp.
    detail::LoanedChunk loan_now();
    std::int64_t send_through(std::span<OutgoingRing* const> rings, std::uint64_t sequence,
                              ring::ChunkId chunk);
    // Likewise, of slices: each block has a length of its own.
    detail::LoanedChunk loan_slice_now(std::uint64_t elements);
    std::int64_t send_slice_through(std::span<OutgoingRing* const> rings, std::uint64_t sequence,
                                    ring::ChunkId chunk);
    // Gives back every further segment in which nothing is held.
    void give_back_all_idle();
    // Whichever of them the service's payload is; elements: 1 where it is none.
    detail::LoanedChunk loan_elements(std::uint64_t elements);
    std::int64_t send_any(std::span<OutgoingRing* const> rings, std::uint64_t sequence, ring::ChunkId chunk);

    shm::Residence residence() const { return settings_.residence; }
    void add_ring(OutgoingRing& ring) { rings_.push_back(&ring); }
    // Takes everything back from a receiver that is gone, or cut.
    void remove_rings(const OutgoingPeer& peer);
    void end_loan(ring::ChunkId chunk);
    // Of a chunk in any segment.
    void give_back(ring::ChunkId chunk) {
        if (GrownSegments::holds(chunk)) [[unlikely]]
            return grown_->release_reference(chunk);
        books_.release_reference(chunk);
    }
    void add_references(ring::ChunkId chunk, std::uint32_t count) {
        if (GrownSegments::holds(chunk)) [[unlikely]]
            return grown_->add_references(chunk, count);
        books_.add_references(chunk, count);
    }
    std::byte* block_at(ring::ChunkId chunk) const {
        if (GrownSegments::holds(chunk)) [[unlikely]]
            return grown_->block(chunk);
        return segment_ + books_.offset(chunk);
    }
    // Where that is, for who has the segments.
    layout::Descriptor place_of_block(ring::ChunkId chunk) const;
    void note_corruption(OutgoingRing& ring) {
        ring.corrupted = true;
        corruption_found_ = true;
    }
    void cut_corrupted();

    // In the order in which the way of a block touches them.
    const bool thread_safe_;
    const bool is_slice_;
    const bool in_slot_;  // blocks travel in the ring; of slices see SliceWay
    const bool overflow_;
    bool corruption_found_ = false;
    std::uint32_t awaiting_ = 0;  // rings that have no room for what is being sent
    const std::uint32_t unit_shift_;
    const std::uint32_t block_words_;  // of a block that travels in the ring
    const std::uint64_t payload_offset_;
    const std::uint64_t last_word_;   // offset in a block
    const std::uint64_t slot_words_;  // of a block for which a slot has room
    const std::uint64_t max_loaned_;
    std::byte* const segment_;
    std::vector<OutgoingRing*> rings_;
    Counter sent_, delivered_, loaned_;
    ring::ChunkBooks books_;
    std::unique_ptr<GrownSegments> grown_;  // of a port that grows
    Counter lost_, blocked_, cut_;
    const layout::Sample block_;

 private:
    std::optional<ring::ChunkId> find_chunk();
    void collect();
    void collect(OutgoingRing& ring);
    void look_ahead(OutgoingRing& ring);
    void prepare_next(std::span<OutgoingRing* const> rings, std::uint64_t last_word);
    SliceWay slice_way(ring::ChunkId chunk) const;
    SliceWay slice_way(ring::ChunkId chunk, const std::byte* block) const;
    detail::LoanedChunk loan_slice_out_of_line(std::uint64_t elements);
    std::int64_t send_slice_out_of_line(std::span<OutgoingRing* const> rings, std::uint64_t sequence,
                                        ring::ChunkId chunk);
    detail::LoanedChunk loan_grown(std::uint64_t elements);
    std::optional<ring::ChunkId> find_grown_chunk(std::uint64_t block_size);
    bool grow(std::uint64_t block_size);
    bool try_to_grow(std::uint64_t block_size, const layout::GrownSegment& layout);
    void give_back_segments(const std::vector<wire::Uuid>& segments);
    void trim_now_and_then();
    void collect_all();
    Delivery without_memory(const OutgoingRing& ring) const;
    template <class Way>
    void refer_to(ring::ChunkId chunk, std::uint32_t count);
    template <class Way>
    void end_loan_of(ring::ChunkId chunk);
    template <class Way>
    std::int64_t send_block(std::span<OutgoingRing* const> rings, std::uint64_t sequence, ring::ChunkId chunk,
                            const std::byte* block, const Way& way);
    template <class Way>
    Delivery deliver(OutgoingRing& ring, std::uint64_t sequence, ring::ChunkId chunk, const std::byte* block,
                     const Way& way);
    template <class Way>
    void retry(OutgoingRing& ring, Sending& sending, const Way& way);
    Delivery make_room(OutgoingRing& ring);
    void note_failure(Delivery outcome, OutgoingRing& ring);
    std::int64_t settle(Sending sending);

    std::optional<SendError> wait_for_room(Sending& sending);
    void retry(OutgoingRing& ring, Sending& sending);
    bool decide(std::uint64_t retries, std::chrono::nanoseconds elapsed);
    bool spin_for_room();
    void sleep_for_room();
    bool any_room();

    shm::Mapping data_;
    const SendingSettings settings_;
    const wire::Uuid port_;
    control::Session& session_;
    std::uint8_t awaited_segment_ = 0;  // in which what waits for room is; 0: the first
    std::uint32_t loans_since_trim_ = 0;
    std::mutex mutex_;  // of a thread_safe port's operations
    HandleShare sleep_;
};

}  // namespace ipc::port
