// SPDX-License-Identifier: Apache-2.0
// What is not every day in sending: chunks that run low, full rings, receivers that cheat.
#include "layout/counters.hpp"
#include "port/sending.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace ipc::port {

namespace {

// Touching this much at most is cheaper than looking at flags for every loan: each look takes cache lines
// away from the receivers.
constexpr std::uint64_t paid_at_once = 64 * 1024;

}  // namespace

SendingCounters first_counters(std::atomic<std::uint64_t>* record) {
    const auto word = [&](layout::PublisherCounter counter) -> std::atomic<std::uint64_t>& {
        return record[static_cast<std::size_t>(counter)];
    };
    return {.sent = word(layout::PublisherCounter::sent),
            .delivered = word(layout::PublisherCounter::delivered),
            .lost = word(layout::PublisherCounter::lost),
            .blocked = word(layout::PublisherCounter::blocked),
            .loaned = word(layout::PublisherCounter::loaned),
            .cut = word(layout::PublisherCounter::cut)};
}

tl::expected<shm::Mapping, std::string> map_data(const std::optional<shm::MemoryFile>& segment,
                                                 std::uint64_t size, shm::Residence residence) {
    if (!segment) return tl::unexpected{std::string{"the broker gave the port no data segment"}};
    return map_data(*segment, size, residence);
}

tl::expected<shm::Mapping, std::string> map_data(const shm::MemoryFile& segment, std::uint64_t size,
                                                 shm::Residence residence) {
    const std::string subject = "the port's data segment of " + std::to_string(size) + " bytes cannot be ";
    auto data = shm::Mapping::map(segment, size, shm::Access::ReadWrite);
    if (!data)
        return tl::unexpected{subject + "mapped: " + data.error().message() +
                              (segment.is_huge() ? "; see how many huge pages are free in /proc/meminfo, and "
                                                   "let /proc/sys/vm/nr_hugepages provide more"
                                                 : "")};
    if (auto made = shm::make_resident(data->data(), data->size(), segment, residence); !made)
        return tl::unexpected{subject + "prefaulted: " + made.error().message() +
                              "; lower what the service or the port allows for, or leave prefault and "
                              "lock_memory off"};
    return std::move(*data);
}

std::optional<wire::Allocation> allocation_of(AllocationStrategy strategy) {
    switch (strategy) {
        case AllocationStrategy::Static:
            break;
        case AllocationStrategy::BestFit:
            return wire::Allocation::BestFit;
        case AllocationStrategy::PowerOfTwo:
            return wire::Allocation::PowerOfTwo;
    }
    return std::nullopt;
}

wire::Backpressure backpressure_of(BackpressureStrategy strategy) {
    return strategy == BackpressureStrategy::DiscardData ? wire::Backpressure::DiscardData
                                                         : wire::Backpressure::RetryUntilDelivered;
}

SendingPort::SendingPort(control::Session& session, wire::Uuid port, SendingSettings settings,
                         const SendingCounters& counters, shm::Mapping data, SharedHandle& own_handle)
    : thread_safe_{settings.thread_safe},
      is_slice_{settings.block.is_slice},
      in_slot_{!is_slice_ && settings.block.slot_room() != 0},
      overflow_{settings.overflow},
      unit_shift_{static_cast<std::uint32_t>(std::countr_zero(settings.block.unit()))},
      block_words_{static_cast<std::uint32_t>(settings.block.size / sizeof(std::uint64_t))},
      payload_offset_{settings.block.payload_offset},
      last_word_{settings.block.size - sizeof(std::uint64_t)},
      slot_words_{settings.block.slot_room() / sizeof(std::uint64_t)},
      max_loaned_{settings.max_loaned},
      segment_{data.data()},
      sent_{counters.sent},
      delivered_{counters.delivered},
      loaned_{counters.loaned},
      books_{settings.data.chunks, settings.data.chunk_size,
             static_cast<std::uint32_t>(settings.data.chunk_count), layout::page_size,
             settings.residence == shm::Residence::when_touched ? settings.data.chunks + paid_at_once
                                                                : settings.data.size},
      lost_{counters.lost},
      blocked_{counters.blocked},
      cut_{counters.cut},
      block_{settings.block},
      data_{std::move(data)},
      settings_{std::move(settings)},
      port_{port},
      session_{session},
      sleep_{own_handle} {
    const bool prefaulted = settings_.residence != shm::Residence::when_touched;
    if (prefaulted) books_.touch();
    if (settings_.allocation != AllocationStrategy::Static)
        grown_ = std::make_unique<GrownSegments>(prefaulted);
}

// Nothing free that has been used before: first what came back, then memory that was never touched.
[[gnu::noinline]] std::optional<ring::ChunkId> SendingPort::find_chunk() {
    collect();
    if (auto chunk = books_.acquire()) return chunk;
    return books_.acquire_fresh();
}

layout::Descriptor SendingPort::place_of_block(ring::ChunkId chunk) const {
    const bool grown = GrownSegments::holds(chunk);
    const std::uint64_t offset = grown ? grown_->offset(chunk) : books_.offset(chunk);
    return {.offset = static_cast<std::uint32_t>(offset >> unit_shift_),
            .segment = grown ? GrownSegments::number_of(chunk) : std::uint8_t{0}};
}

void SendingPort::collect() {
    for (OutgoingRing* const ring : rings_) ring->sender.expect_returns();
    for (OutgoingRing* const ring : rings_) collect(*ring);
    if (corruption_found_) [[unlikely]]
        cut_corrupted();
}

[[gnu::noinline]] void SendingPort::collect(OutgoingRing& ring) {
    if (!ring.sender.collect([this](ring::ChunkId chunk) { give_back(chunk); })) note_corruption(ring);
}

[[gnu::noinline]] void SendingPort::note_failure(Delivery outcome, OutgoingRing& ring) {
    switch (outcome) {
        case Delivery::delivered:
            break;
        case Delivery::dropped:
            lost_.add(1);
            break;
        case Delivery::full:
            ring.awaits_room = true;
            ++awaiting_;
            break;
        case Delivery::corrupted:
            note_corruption(ring);
            break;
    }
}

// `delivered` means that there is room.
[[gnu::noinline]] SendingPort::Delivery SendingPort::make_room(OutgoingRing& ring) {
    using Room = ring::DeliverySender<ring::StdAtomics>::Room;
    switch (ring.sender.room()) {
        case Room::available:
            return Delivery::delivered;
        case Room::corrupted:
            return Delivery::corrupted;
        case Room::full:
            break;
    }
    if (!ring.sender.withdraw(ring.stream_start, [this](ring::ChunkId chunk) { give_back(chunk); }))
        return Delivery::corrupted;
    if (ring.sender.has_room()) return Delivery::delivered;
    if (!overflow_) return ring.sender.receiver_closed(ring.stream) ? Delivery::dropped : Delivery::full;
    using Eviction = ring::DeliverySender<ring::StdAtomics>::Eviction;
    const auto evicted = ring.sender.evict_oldest();
    switch (evicted.outcome) {
        case Eviction::evicted:
            if (evicted.chunk != ring::no_chunk) give_back(evicted.chunk);
            lost_.add(1);
            ring.displaced_end = evicted.position + 1;
            return Delivery::delivered;
        case Eviction::moved_on:
            return Delivery::delivered;
        case Eviction::held:
            return Delivery::dropped;
        case Eviction::corrupted:
            break;
    }
    return Delivery::corrupted;
}

// What did not go by itself: full buffers, and receivers that cheat.
[[gnu::noinline]] std::int64_t SendingPort::settle(Sending sending) {
    // What travels in the slot needs room there, and nothing else.
    const bool by_reference = !is_slice_ || !slice_way(sending.chunk).in_slot();
    awaited_segment_ = by_reference ? place_of_block(sending.chunk).segment : std::uint8_t{0};
    const auto failure = wait_for_room(sending);
    if (corruption_found_) cut_corrupted();
    end_loan(sending.chunk);
    if (failure) return not_sent(*failure);
    return sending.delivered;
}

void SendingPort::retry(OutgoingRing& ring, Sending& sending) {
    if (is_slice_)
        retry(ring, sending, slice_way(sending.chunk));
    else
        retry(ring, sending, FixedWay{*this});
}

template <class Way>
void SendingPort::retry(OutgoingRing& ring, Sending& sending, const Way& way) {
    const Delivery outcome = deliver(ring, sending.sequence, sending.chunk, block_at(sending.chunk), way);
    if (outcome != Delivery::delivered) return note_failure(outcome, ring);
    if (!way.in_slot()) refer_to<Way>(sending.chunk, 1);
    delivered_.add(1);
    ++sending.delivered;
}

void SendingPort::remove_rings(const OutgoingPeer& peer) {
    std::erase_if(rings_, [&](OutgoingRing* ring) {
        if (ring->peer != &peer) return false;
        ring->sender.take_back_all([this](ring::ChunkId chunk) { give_back(chunk); });
        return true;
    });
}

// Their receivers wrote what no honest receiver can have written. Nothing of theirs is believed any more, and
// nobody else notices.
void SendingPort::cut_corrupted() {
    corruption_found_ = false;
    const auto is_corrupted = [](const OutgoingRing* ring) { return ring->corrupted; };
    for (auto found = rings_.begin();
         (found = std::find_if(rings_.begin(), rings_.end(), is_corrupted)) != rings_.end();) {
        const OutgoingPeer& peer = *(*found)->peer;
        remove_rings(peer);
        cut_.add(1);
        const std::string detail = std::string{"the "} + receiver_name() +
                                   " wrote a read position or a return flag that it cannot have reached";
        session_.report_cut(peer.id, detail);
        if (settings_.degradation_handler)
            settings_.degradation_handler({.port = {port_.high, port_.low},
                                           .peer = {peer.peer_port.high, peer.peer_port.low},
                                           .detail = detail});
        forget(peer);
    }
}

}  // namespace ipc::port
