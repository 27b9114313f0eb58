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

namespace ipc::ring {

// A delivery that the receiver took out of the ring.
struct Taken {
    std::uint64_t sequence = 0;
    std::uint64_t position = 0;
    layout::Descriptor descriptor;  // segment and offset are not checked here: the port knows the segments
    std::uint64_t elements = 0;     // of a slice by reference; not checked either
};

// The receiving half of a connection; may be used by several threads at once. The caller reserves a borrow
// before try_take() and gives it back after release(): that is what makes the sender's tickets suffice.
template <class Atomics>
class alignas(layout::cache_line) DeliveryReceiver {
 public:
    enum class Outcome : std::uint8_t {
        taken,
        empty,
        busy,       // lost too many races: look at the other connections first
        corrupted,  // found a word that an honest sender cannot have written: cut the connection
    };
    static constexpr int max_lost_races = 8;

    DeliveryReceiver(std::byte* segment, const layout::Connection& connection)
        : segment_(segment), slots_(connection), ticket_count_(connection.ticket_count) {}

    // For another connection of the same layout, whose segment took the place of the last one's. Nobody is in
    // try_take() or holds a delivery; has_data() may be asked meanwhile, and its answer means nothing.
    void begin_again() {
        expected_.store(0, std::memory_order_relaxed);
        holding_.store(false, std::memory_order_relaxed);
        holds_.store(0, std::memory_order_relaxed);
        woken_for_.store(0, std::memory_order_relaxed);
    }

    // What one look at the slot of the next sample found.
    struct Look {
        std::uint64_t position;
        std::byte* slot;
        std::uint64_t published;
    };
    [[nodiscard]] Look look() const {
        return look_at(expected_.load(std::memory_order_acquire));  // pairs with advance()
    }
    [[nodiscard]] static bool shows_sample(const Look& look) { return look.published == look.position + 1; }
    [[nodiscard]] bool shows_nothing(const Look& look) const {
        return look.published == previous_lap(look.position);
    }
    // Before the caller reserves a borrow for the sample that a look showed: that is a fence on x86, and what
    // is not fetched yet would wait for it.
    void expect(const Look& look) const {
        if (slots_.size() > layout::cache_line) Atomics::prefetch(look.slot, layout::cache_line);
    }
    // What the slot says just now, unchecked: good for fetching what it points to.
    layout::Descriptor expected(const Look& look) const {
        return layout::Descriptor::unpack(
            Atomics::word(look.slot, Slot::descriptor).load(std::memory_order_relaxed));
    }
    // Fetches where the next sample will be, for a look that follows.
    void fetch_next() const {
        Atomics::prefetch(segment_, slots_.offset(expected_.load(std::memory_order_relaxed)));
    }
    // What a receiver with nothing to do prepares for the next sample.
    void idle() const {
        // A sender that looked at the read position has left it shared. Taken back now, it does not delay the
        // next compare-and-swap.
        Atomics::prefetch_for_writing(segment_, layout::Connection::read_position);
    }

    // Whether try_take() would not say `empty`. May be wrongly true while another thread takes.
    [[nodiscard]] bool has_data() const { return !shows_nothing(look()); }

    // Takes the sample that a look showed. A block that came in the slot is copied to `block`, at most
    // `words` words of it (and at most what a slot holds). False: the position has moved on, to `found`; what
    // is in `out` and `block` then is garbage.
    [[nodiscard]] bool take(const Look& look, Taken& out, std::uint64_t* block, std::size_t words,
                            std::uint64_t& found) {
        out.position = look.position;
        out.sequence = Atomics::word(look.slot, Slot::sequence).load(std::memory_order_relaxed);
        out.descriptor = layout::Descriptor::unpack(
            Atomics::word(look.slot, Slot::descriptor).load(std::memory_order_relaxed));
        if (out.descriptor.in_slot)
            Atomics::load_block(look.slot, block, std::min(words, slots_.block_words()));
        else
            out.elements = Atomics::word(look.slot, Slot::elements).load(std::memory_order_relaxed);
        found = look.position;
        // Release: the copy is over before the sender sees (acquire, DeliverySender::refresh) that the slot
        // is free. Acquire: a position that another moved to comes with what was published before.
        if (!shared(layout::Connection::read_position)
                 .compare_exchange_strong(found, look.position + 1, std::memory_order_acq_rel,
                                          std::memory_order_acquire)) [[unlikely]]
            return false;
        advance(look.position + 1);
        return true;
    }
    // Of what was taken: whether it can come back.
    [[nodiscard]] bool is_valid(const Taken& taken) const {
        return taken.descriptor.in_slot || taken.descriptor.ticket < ticket_count_;
    }

    // Takes the oldest sample, however often somebody else is faster: up to max_lost_races times.
    [[nodiscard]] Outcome try_take(Taken& out, std::uint64_t* block, std::size_t words) {
        std::uint64_t position = expected_.load(std::memory_order_acquire);  // pairs with advance()
        for (int lost = 0; lost < max_lost_races; ++lost) {
            Look const next = look_at(position);
            if (shows_nothing(next)) return Outcome::empty;
            std::uint64_t found = 0;
            if (shows_sample(next)) {
                if (take(next, out, block, words, found))
                    return is_valid(out) ? Outcome::taken : Outcome::corrupted;
            } else if (next.published > position &&
                       slots_.index(next.published - 1) == slots_.index(position)) {
                // The slot belongs to a later lap. Its publication (acquire)
                // came after the position moved on.
                found = shared(layout::Connection::read_position).load(std::memory_order_acquire);
            } else {
                return Outcome::corrupted;
            }
            if (!accept(position, found)) return Outcome::corrupted;
            position = found;
            expected_.store(position, std::memory_order_release);  // as in advance()
        }
        raise_hold();
        return Outcome::busy;
    }

    // Gives a delivery by reference back, from whichever thread
    // holds it. The ticket is one that try_take() let pass.
    void release(std::uint64_t position, std::uint16_t ticket) {
        // Release: pairs with the acquire in DeliverySender::sweep(): every read of the chunk is over.
        shared(layout::Connection::flags + ticket * sizeof(std::uint64_t))
            .store(position + 1, std::memory_order_release);
    }

    // Before a receiver sleeps; see arming.hpp for the order in which.
    void raise_wake() {
        // Release: pairs with DeliverySender::receiver_wants_wake().
        shared(layout::Connection::receiver_wake).fetch_add(1, std::memory_order_release);
    }

    // After a sample was taken: whether the sender sleeps until there is room, and has not been woken since.
    [[nodiscard]] bool sender_wants_wake() {
        wake_fence<Atomics>(fence_);
        // Acquire: pairs with DeliverySender::raise_wake().
        std::uint64_t const generation =
            shared(layout::Connection::sender_wake).load(std::memory_order_acquire);
        if (generation == woken_for_.load(std::memory_order_relaxed)) [[likely]]
            return false;
        return woken_for_.exchange(generation, std::memory_order_relaxed) != generation;
    }
    void set_wake_fence(WakeFence fence) { fence_ = fence; }

    // The first sequence number that comes through this ring, or 0 as long as the sender has not said.
    [[nodiscard]] std::uint64_t first_live() const {
        // Acquire: pairs with DeliverySender::publish_first_live().
        return shared(layout::Connection::first_live).load(std::memory_order_acquire);
    }

    void confirm_sender_handle() {
        // Release: pairs with DeliverySender::receiver_has_handle().
        shared(layout::Connection::sender_handle_known).store(1, std::memory_order_release);
    }
    [[nodiscard]] bool sender_has_handle() const {
        // Acquire: pairs with DeliverySender::confirm_receiver_handle().
        return shared(layout::Connection::receiver_handle_known).load(std::memory_order_acquire) != 0;
    }

    // This receiver will take nothing more of streams up to this one, though deliveries that it holds may
    // still come back. Streams are closed in the order of their numbers.
    void close(std::uint64_t stream = 1) {
        // Release: pairs with DeliverySender::receiver_closed(). Only
        // the news counts; nothing is handed over.
        shared(layout::Connection::receiver_closed).store(stream, std::memory_order_release);
    }
    // A wish that the stream end.
    void hint_disconnect(std::uint64_t stream) {
        shared(layout::Connection::disconnect_hint).store(stream, std::memory_order_relaxed);
    }
    // Whether the sender has ended this stream.
    [[nodiscard]] bool stream_ended(std::uint64_t stream) const {
        // Acquire: pairs with DeliverySender::end_stream(), for the position and all publications before it.
        return shared(layout::Connection::ended_stream).load(std::memory_order_acquire) == stream;
    }
    // For a look at that which comes soon.
    void expect_end() const { Atomics::prefetch(segment_, layout::Connection::ended_stream); }
    // Of a stream that has ended: where.
    [[nodiscard]] std::uint64_t end_position() const {
        return shared(layout::Connection::end_position).load(std::memory_order_relaxed);
    }

    // How many deliveries were taken or lost so far.
    std::uint64_t position() const { return expected_.load(std::memory_order_relaxed); }

 private:
    decltype(auto) shared(std::uint64_t offset) const { return Atomics::word(segment_, offset); }

    Look look_at(std::uint64_t position) const {
        std::byte* const slot = segment_ + slots_.offset(position);
        // Acquire: pairs with the release in DeliverySender::publish().
        return {.position = position,
                .slot = slot,
                .published = Atomics::word(slot, Slot::publication).load(std::memory_order_acquire)};
    }

    // What stands in a position's slot until it is published. Nothing older: everything a lap before the read
    // position was published, and whoever knows the position has acquired it from there.
    std::uint64_t previous_lap(std::uint64_t position) const {
        return position < slots_.count() ? 0 : position + 1 - slots_.count();
    }

    // A read position that somebody else moved to: it went forward, and the sample before it was published.
    // (The sender can forge both, and then only chooses which of its own samples are seen.)
    bool accept(std::uint64_t last, std::uint64_t position) const {
        if (position <= last || position >= counting_bound) return false;
        std::uint64_t const before = look_at(position - 1).published;
        return before >= position && slots_.index(before) == slots_.index(position);
    }

    // Another thread may be ahead and be set back by this: its
    // next try_take() loses one race and corrects it.
    void advance(std::uint64_t position) {
        // Release: pairs with the acquire of whoever continues at this
        // position, so that he sees what was published before it.
        expected_.store(position, std::memory_order_release);
        if (holding_.load(std::memory_order_relaxed)) [[unlikely]]
            lower_hold();
    }

    // Every raise has a number of its own, so that the sender can tell a new
    // one from one that it has heeded. The word first: whoever lowers it in
    // between leaves `holding_` set, and it is lowered once more, not never.
    void raise_hold() {
        shared(layout::Connection::hold)
            .store(holds_.fetch_add(1, std::memory_order_relaxed) + 1, std::memory_order_relaxed);
        // Release: pairs with lower_hold(), whose zero then comes after the number above.
        holding_.store(true, std::memory_order_release);
    }
    void lower_hold() {
        if (holding_.exchange(false, std::memory_order_acq_rel))
            shared(layout::Connection::hold).store(0, std::memory_order_relaxed);
    }

    // What every receive uses, in one line.
    std::byte* segment_;
    SlotTable slots_;
    std::uint64_t ticket_count_;
    WakeFence fence_ = WakeFence::full;
    typename Atomics::template Atomic<std::uint64_t> expected_{0};  // where the next sample is looked for
    typename Atomics::template Atomic<bool> holding_{false};
    typename Atomics::template Atomic<std::uint64_t> holds_{0};
    typename Atomics::template Atomic<std::uint64_t> woken_for_{0};
};

}  // namespace ipc::ring
