// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/port_link.hpp"
#include "layout/connection.hpp"
#include "layout/sample.hpp"
#include "port/cell.hpp"
#include "port/history_intake.hpp"
#include "port/peer_handle.hpp"
#include "ring/borrows.hpp"
#include "ring/delivery_receiver.hpp"
#include "shm/address_range.hpp"

#include <tl/expected.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace ipc::port {

class SubscriberPort;

// A connection that was cut.
struct Ended {
    wire::Uuid connection;
    wire::Uuid publisher;
};

// Samples, since the port began.
struct Turns {
    std::uint64_t received = 0;
    std::uint64_t returned = 0;
};

// Where a subscriber has one publisher's connection. It lives as long as the port, at one address, and serves
// one connection after another: so a thread that looks for news here never finds the memory gone, and the
// port needs no lock for what the control thread changes. Who holds a cell (a sample, or a receive that is
// about to) holds the connection; the last to let go after it was closed clears up.
class alignas(layout::separation) Place {
 public:
    enum class State : std::uint8_t {
        Free,
        Open,
        Draining,  // the publisher is gone; what it left is still received
        Closing,   // nothing is received any more; samples are still held
        Lost,      // its memory could not be taken back from the last connection
    };
    enum class Result : std::uint8_t {
        taken,
        nothing,
        exhausted,  // something is there, and every cell is held
        corrupted,
        ended,  // the last sample of a publisher that is gone was taken before
    };

    static tl::expected<std::unique_ptr<Place>, std::string> create(SubscriberPort& port);
    Place(SubscriberPort& port, shm::AddressRange range);

    // What came of a try, in two registers.
    struct Attempt {
        Cell* cell = nullptr;  // where a sample was taken
        Result result = Result::nothing;
    };
    // By any thread of the subscriber. (Defined in place_take.hpp.)
    Attempt take();
    bool may_have_something() const;
    bool has_samples();
    void release(Cell& cell);
    // In the words of ring/arming.hpp.
    void raise_wake() {
        if (is_connected()) receiver_.raise_wake();
    }
    bool has_data() const { return may_have_something(); }
    // Of a publisher that is gone nothing more is awaited.
    bool sender_can_wake() const { return state() != State::Open || receiver_.sender_has_handle(); }

    bool is_connected() const {
        const State now = state();
        return now == State::Open || now == State::Draining;
    }
    bool is_free() const { return state() == State::Free; }
    State state() const { return state_.load(std::memory_order_acquire); }
    bool is_held() const { return !borrows_.is_idle(); }
    // Ends the connection at once; what is held stays. True for the one call of each connection that did it.
    bool close();

    // Sent so far, as the samples that came tell, from the first that was promised.
    std::uint64_t sequences_seen() const;
    Turns turns() const;
    // Nobody holds a cell.
    void forget_sequences();

    // The control thread's.
    tl::expected<void, std::string> connect(control::Offer& offer);
    void end(wire::RemovalReason reason);
    // What a publisher that is gone left, and nobody came for, makes room.
    bool make_free();
    void take_sender_handle(shm::UniqueFd handle, const control::Session& session);
    // Says that nothing more will be taken, to a publisher that may be waiting for room.
    void say_closed();

    wire::Uuid connection() const { return connection_; }
    wire::Uuid publisher() const { return publisher_; }
    SubscriberPort& port() const { return *port_; }

 private:
    using Receiver = ring::DeliveryReceiver<ring::StdAtomics>;
    using Borrows = ring::Borrows<ring::StdAtomics>;

    Attempt take_otherwise();
    Attempt take_into(Cell& cell);
    Attempt finish(Cell& cell, const ring::Taken& taken);
    Attempt no_cell_left() const {
        return {.result = borrows_.is_closed() ? Result::nothing : Result::exhausted};
    }
    enum class Attended : std::uint8_t { history, ring, nothing, corrupted, ended };
    Attended attend(std::unique_lock<std::mutex>& joining);
    std::optional<Attempt> take_with_attention();
    Attempt take_history();
    bool advance_history();
    bool begins_unsaid(bool in_ring) const;
    bool accept(Cell& cell, const ring::Taken& taken);
    bool note_sequence(std::uint64_t sequence);
    bool note_gap(std::uint64_t sequence);
    void note_use(std::uint32_t index);
    Attempt give_up(Cell& cell, Result result);
    void drain();
    bool begin_close();
    void finish_close();
    void clear_up();

    // What a poll touches.
    std::atomic<bool> attention_{false};    // history, a join that is not over, or draining: the slow way
    std::atomic<bool> news_{false};         // the slow way is new, or history is left there
    std::atomic<std::uint32_t> served_{0};  // connections so far
    Receiver receiver_;
    Borrows borrows_;
    std::unique_ptr<Cell[]> cells_;
    std::atomic<std::uint32_t> cells_used_{0};  // those behind have never been claimed
    std::atomic<std::uint64_t> seen_{0};  // the highest number received, or what a slow thread took for it
    std::atomic<std::uint64_t> base_{1};  // the first that was promised
    std::atomic<std::uint64_t>* position_word_ = nullptr;
    SenderMemory memory_;
    PeerHandle sender_handle_;
    const bool wakes_sender_;
    const std::size_t block_words_;  // of a block that comes in its slot; 0 in services where none does
    const std::size_t payload_offset_;
    SubscriberPort* port_;
    wire::Uuid connection_;
    wire::Uuid publisher_;
    std::atomic<State> state_{State::Free};

    std::mutex joining_;  // of history_, and of clearing up
    HistoryIntake history_;
    bool base_known_ = false;
    Block rooms_;  // of the cells
    shm::AddressRange range_;
};

}  // namespace ipc::port
