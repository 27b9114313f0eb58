// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "layout/alignment.hpp"
#include "layout/connection.hpp"
#include "layout/descriptor.hpp"
#include "ring/atomics.hpp"
#include "ring/slot.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>

namespace ipc::ring {

// The sender's number for a chunk of its own. It never leaves the sender's memory.
using ChunkId = std::uint32_t;
inline constexpr ChunkId no_chunk = std::numeric_limits<ChunkId>::max();

// The sending half of a connection; used by one thread at a time. To send one sample:
//
//     room() -> full: overflow allowed? evict_oldest(), and release the chunk that it returns
//     by reference:   ticket_ready(give_back), then publish_by_reference(...)
//     in the slot:    publish_in_slot(...)
//     receiver_wants_wake() -> wake the receiver
//
// Whatever reports `corrupted` (or false) found a word that an honest receiver cannot have written. The
// caller then cuts the connection: take_back_all(), and no other call. A chunk that was published is given
// back exactly once: by evict_oldest(), collect() or ticket_ready(), or take_back_all().
template <class Atomics>
class alignas(layout::cache_line) DeliverySender {
 public:
    enum class Room : std::uint8_t { available, full, corrupted };
    enum class Eviction : std::uint8_t {
        evicted,   // the oldest sample is the sender's again
        moved_on,  // the receiver has taken something meanwhile: there is room
        held,      // the receiver asks for a pause: drop the new sample instead
        corrupted,
    };
    struct Evicted {
        Eviction outcome;
        ChunkId chunk = no_chunk;  // to be released, if the sample was sent by reference
        std::uint64_t position = 0;
    };

    // The segment outlives this object, and its layout was computed here, not read from the segment.
    DeliverySender(std::byte* segment, const layout::Connection& connection)
        : segment_(segment),
          slots_(connection),
          buffer_size_(connection.buffer_size),
          free_count_(static_cast<std::uint32_t>(connection.ticket_count)),
          ticket_count_(free_count_),
          free_tickets_(std::make_unique<Ticket[]>(ticket_count_)),
          deliveries_(std::make_unique<Delivery[]>(ticket_count_)),
          taken_(std::make_unique<Ticket[]>(ticket_count_)),
          places_(std::make_unique<Ticket[]>(static_cast<std::size_t>(slots_.count()))) {
        std::fill_n(places_.get(), slots_.count(), no_ticket);
        // The lowest ticket on top: few samples in flight touch few lines of flags.
        for (std::uint32_t i = 0; i < ticket_count_; ++i)
            free_tickets_[i] = static_cast<Ticket>(ticket_count_ - 1 - i);
    }

    // Whether one more sample may be published, as far as is known without looking.
    [[nodiscard]] bool has_room() const { return written_ - known_read_ < buffer_size_; }
    // Reads the shared position only if the last known one says full.
    [[nodiscard]] Room room() {
        if (has_room()) return Room::available;
        if (!refresh()) return Room::corrupted;
        return has_room() ? Room::available : Room::full;
    }

    // Makes room in a ring that room() called full, at the price of one sample: the oldest, or the new one if
    // the receiver holds. One compare-and-swap, never repeated.
    [[nodiscard]] Evicted evict_oldest() {
        if (std::uint64_t hold = shared(layout::Connection::hold).load(std::memory_order_relaxed);
            hold != 0 && hold != spent_hold_) {
            if (Room now = room(); now != Room::full)
                return {now == Room::available ? Eviction::moved_on : Eviction::corrupted};
            if (may_hold(hold)) return {Eviction::held};
        }
        return take_back_oldest();
    }

    // One compare-and-swap, of a ring that is not known to be empty.
    [[nodiscard]] Evicted take_back_oldest() {
        std::uint64_t const oldest = known_read_;
        std::uint64_t found = oldest;
        // Release: a receiver that finds this position (acquire,
        // DeliveryReceiver::accept) sees every publication before it. Acquire:
        // the slot and the chunk are not written before they are the sender's.
        if (!shared(layout::Connection::read_position)
                 .compare_exchange_strong(found, oldest + 1, std::memory_order_acq_rel,
                                          std::memory_order_acquire))
            return {found != oldest && accept(found) ? Eviction::moved_on : Eviction::corrupted};
        ++known_read_;
        Ticket const ticket = places_[slots_.index(oldest)];
        if (ticket == no_ticket) return {.outcome = Eviction::evicted, .position = oldest};
        free_tickets_[free_count_++] = ticket;
        return {Eviction::evicted, deliveries_[ticket].chunk, oldest};
    }

    // Takes back what waits before a position up to which nothing will be received. A receiver that still
    // takes makes this lose a race for each sample that it gets, so that it ends. False: corrupted.
    template <class GiveBack>
    [[nodiscard]] bool withdraw(std::uint64_t end, GiveBack&& give_back) {
        if (known_read_ >= end) return true;
        if (!refresh()) return false;
        while (known_read_ < end) {
            Evicted const oldest = take_back_oldest();
            if (oldest.outcome == Eviction::corrupted) return false;
            if (oldest.chunk != no_chunk) give_back(oldest.chunk);
        }
        return true;
    }

    [[nodiscard]] bool has_ticket() const { return free_count_ != 0; }
    // Makes sure that publish_by_reference() has a ticket; called after room() or evict_oldest() made room.
    // There are as many tickets as the receiver may have waiting and borrowed, and a receiver gives its
    // borrow back after its flag: so none left means a receiver that cheats.
    template <class GiveBack>
    [[nodiscard]] bool ticket_ready(GiveBack&& give_back) {
        if (has_ticket()) [[likely]]
            return true;
        return collect(give_back) && has_ticket();
    }

    // How many elements the slice has that is published by reference next. Its receiver finds that here, and
    // need not wait for the chunk's first line to know how long it is.
    void announce_elements(std::uint64_t elements) {
        Atomics::word(segment_ + slots_.offset(written_), Slot::elements)
            .store(elements, std::memory_order_relaxed);  // as all of a slot: see publish()
    }

    // The payload is in a chunk, in its place, and whole. Needs room and a ticket.
    void publish_by_reference(std::uint64_t sequence, std::uint8_t segment, std::uint32_t offset,
                              ChunkId chunk) {
        Ticket const ticket = free_tickets_[--free_count_];
        deliveries_[ticket] = {.position = written_, .chunk = chunk};
        places_[slots_.index(written_)] = ticket;
        by_reference_too_ = true;
        publish(segment_ + slots_.offset(written_), sequence,
                layout::Descriptor{.offset = offset, .ticket = ticket, .segment = segment, .in_slot = false});
    }

    // The block travels in the slot: nothing comes back. Needs
    // room. More words than a slot holds are not sent.
    void publish_in_slot(std::uint64_t sequence, const std::uint64_t* block, std::size_t words) {
        std::byte* const slot = segment_ + slots_.offset(written_);
        // Every further line of private memory written here halves the pace of a
        // flow: the stores to slots, whose lines come from the other processor,
        // then no longer overlap. So the books are left as they are if they can.
        if (by_reference_too_) places_[slots_.index(written_)] = no_ticket;
        Atomics::store_block(slot, block, std::min(words, slots_.block_words()));
        publish(slot, sequence, layout::Descriptor{.in_slot = true});
    }

    // Fetches what collect() will look at. The flags of few deliveries lie in the line of the position.
    void expect_returns() const { Atomics::prefetch(segment_, layout::Connection::read_position); }

    // Looks at the flags of what the receiver took and calls give_back(chunk) for each chunk that came back.
    // False: a flag is ahead of its delivery, or the read position is impossible. Costs the receiver cache
    // misses; so call it when chunks run low, not for every sample.
    //
    // A flag is looked at only once the read position is known to have passed
    // its delivery. So a flag set for something that was never taken does not
    // count, and the position does not have to be loaded again after it.
    template <class GiveBack>
    [[nodiscard]] bool collect(GiveBack&& give_back) {
        std::uint32_t const before = taken_count_;
        if (!sweep(give_back)) return false;
        if (taken_count_ != before) return true;
        return refresh() && sweep(give_back);
    }

    // The end of the connection, whatever state its segment is in: every chunk still out, from the sender's
    // own books. Nothing may be published afterwards.
    template <class GiveBack>
    void take_back_all(GiveBack&& give_back) {
        for (; known_read_ != written_; ++known_read_)
            if (Ticket const ticket = places_[slots_.index(known_read_)]; ticket != no_ticket)
                give_back(deliveries_[ticket].chunk);
        while (taken_count_ != 0) give_back(deliveries_[taken_[--taken_count_]].chunk);
        free_count_ = ticket_count_;
    }

    // After a publication: whether somebody waits who has not been woken since he began to. Then
    // a wake-up is due; the answer is given once for each generation of waiting.
    [[nodiscard]] bool receiver_wants_wake() {
        wake_fence<Atomics>(fence_);
        // Acquire: pairs with DeliveryReceiver::raise_wake(), so that the wake-up comes after the receiver
        // has drained those before.
        std::uint64_t const generation =
            shared(layout::Connection::receiver_wake).load(std::memory_order_acquire);
        if (generation == woken_for_) [[likely]]
            return false;
        woken_for_ = generation;
        return true;
    }
    void set_wake_fence(WakeFence fence) { fence_ = fence; }

    // Before a sender sleeps until there is room: read the own
    // handle empty, raise_wake(), heavy fence, room().
    void raise_wake() {
        // Release: pairs with DeliveryReceiver::sender_wants_wake().
        shared(layout::Connection::sender_wake).fetch_add(1, std::memory_order_release);
    }

    // The first sequence number (they begin at 1) that comes
    // through this ring; what is older is in the history.
    void publish_first_live(std::uint64_t sequence) {
        // Release: pairs with DeliveryReceiver::first_live(): the history before it is visible.
        shared(layout::Connection::first_live).store(sequence, std::memory_order_release);
    }

    // Each side tells the other that it holds a handle to wake it with.
    void confirm_receiver_handle() {
        // Release: pairs with DeliveryReceiver::sender_has_handle().
        shared(layout::Connection::receiver_handle_known).store(1, std::memory_order_release);
    }
    bool receiver_has_handle() const {
        // Acquire: pairs with DeliveryReceiver::confirm_sender_handle().
        return shared(layout::Connection::sender_handle_known).load(std::memory_order_acquire) != 0;
    }

    // A ring that serves one stream after another has a number for each, that grows; it begins with 1.
    // Whether nobody takes anything of this one any more: a full ring stays full, and waiting for room is in
    // vain.
    bool receiver_closed(std::uint64_t stream = 1) const {
        // Acquire: pairs with DeliveryReceiver::close().
        return shared(layout::Connection::receiver_closed).load(std::memory_order_acquire) >= stream;
    }
    // What the receiver said when the stream before ended is fetched, for the look after the next
    // publication.
    void expect_stream() const { Atomics::prefetch(segment_, layout::Connection::receiver_wake); }
    // Whether the receiver wishes for this stream to end.
    bool receiver_hints(std::uint64_t stream) const {
        // Relaxed: nothing is handed over with it.
        return shared(layout::Connection::disconnect_hint).load(std::memory_order_relaxed) >= stream;
    }
    // Nothing more comes in this stream.
    void end_stream(std::uint64_t stream) {
        shared(layout::Connection::end_position).store(written_, std::memory_order_relaxed);
        // Release: pairs with DeliveryReceiver::stream_ended(), for the position, and for what was published.
        shared(layout::Connection::ended_stream).store(stream, std::memory_order_release);
    }

    std::uint64_t written() const { return written_; }

 private:
    using Ticket = std::uint16_t;
    static constexpr Ticket no_ticket = std::numeric_limits<Ticket>::max();
    struct Delivery {
        std::uint64_t position;
        ChunkId chunk;
    };

    decltype(auto) shared(std::uint64_t offset) const { return Atomics::word(segment_, offset); }

    void publish(std::byte* slot, std::uint64_t sequence, layout::Descriptor descriptor) {
        std::uint64_t const next = ++written_;
        Atomics::word(slot, Slot::sequence).store(sequence, std::memory_order_relaxed);
        Atomics::word(slot, Slot::descriptor).store(descriptor.pack(), std::memory_order_relaxed);
        // Release: pairs with the acquire in DeliveryReceiver::try_take(),
        // for the slot's words and the payload.
        Atomics::word(slot, Slot::publication).store(next, std::memory_order_release);
    }

    [[nodiscard]] bool refresh() {
        // Acquire: pairs with the compare-and-swap in DeliveryReceiver::try_take(): whoever took a sample has
        // finished copying its slot, and had returned what its borrow limit made it return.
        return accept(shared(layout::Connection::read_position).load(std::memory_order_acquire));
    }

    // A position that the receiver moved to lies between the last known one and what was written.
    [[nodiscard]] bool accept(std::uint64_t position) {
        if (position - known_read_ > written_ - known_read_) return false;
        if (free_count_ == ticket_count_) {
            known_read_ = position;  // nothing was sent by reference
            return true;
        }
        for (; known_read_ != position; ++known_read_)
            if (Ticket const ticket = places_[slots_.index(known_read_)]; ticket != no_ticket)
                taken_[taken_count_++] = ticket;
        return true;
    }

    template <class GiveBack>
    [[nodiscard]] bool sweep(GiveBack& give_back) {
        for (std::uint32_t i = 0; i < taken_count_;) {
            Ticket const ticket = taken_[i];
            Delivery const delivery = deliveries_[ticket];
            // Acquire: pairs with DeliveryReceiver::release(): its reads of the chunk are over.
            std::uint64_t const flag = shared(layout::Connection::flags + ticket * sizeof(std::uint64_t))
                                           .load(std::memory_order_acquire);
            if (flag > delivery.position + 1) return false;
            if (flag <= delivery.position) {  // of an earlier delivery with this ticket
                ++i;
                continue;
            }
            taken_[i] = taken_[--taken_count_];
            free_tickets_[free_count_++] = ticket;
            give_back(delivery.chunk);
        }
        return true;
    }

    // At most as many new samples in a row as the ring holds are dropped for the receiver's sake. Then this
    // raise is spent; the next one has a number of its own.
    bool may_hold(std::uint64_t hold) {
        if (held_at_ != written_) {
            held_at_ = written_;
            held_back_ = 0;
        }
        if (held_back_ == buffer_size_) {
            spent_hold_ = hold;
            return false;
        }
        ++held_back_;
        return true;
    }

    // What every send uses, in one line.
    std::byte* segment_;
    SlotTable slots_;
    std::uint64_t written_ = 0;
    std::uint64_t known_read_ = 0;  // validated; what lies before it is in taken_ or free
    std::uint64_t buffer_size_;
    std::uint64_t woken_for_ = 0;
    std::uint32_t free_count_;
    WakeFence fence_ = WakeFence::full;
    bool by_reference_too_ = false;  // until then, places_ is no_ticket throughout

    std::uint32_t ticket_count_;
    std::uint32_t taken_count_ = 0;
    std::unique_ptr<Ticket[]> free_tickets_;  // a stack
    std::unique_ptr<Delivery[]> deliveries_;  // of each ticket that is out
    std::unique_ptr<Ticket[]> taken_;         // tickets of what the receiver took, in no order
    std::unique_ptr<Ticket[]> places_;        // of each slot, the ticket of what waits there
    std::uint64_t held_at_ = 0;
    std::uint64_t held_back_ = 0;
    std::uint64_t spent_hold_ = 0;
};

}  // namespace ipc::ring
