// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/kept_histories.hpp"
#include "control/port_link.hpp"
#include "port/history_intake.hpp"
#include "port/intake.hpp"
#include "port/peer_handle.hpp"
#include "shm/address_range.hpp"

#include <tl/expected.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace ipc::port {

class SamplePort;

// A connection that was cut.
struct Ended {
    wire::Uuid connection;
    wire::Uuid sender;
};

// Samples, since the port began.
struct Turns {
    std::uint64_t received = 0;
    std::uint64_t returned = 0;
};

// Where a port has the connection of one sender of samples (or of requests). It lives as long as the port, at
// one address, and serves one connection after another: so a thread that looks for news here never finds the
// memory gone, and the port needs no lock for what the control thread changes. Who holds a cell (a sample, or
// a receive that is about to) holds the connection; the last to let go after it was closed clears up.
class Place : public Intake {
 public:
    enum class State : std::uint8_t {
        Free,
        Open,
        Draining,  // the publisher is gone; what it left is still received
        Closing,   // nothing is received any more; samples are still held
        Lost,      // its memory could not be taken back from the last connection
    };
    static tl::expected<std::unique_ptr<Place>, std::string> create(SamplePort& port);
    Place(SamplePort& port, shm::AddressRange range);

    // By any thread of the port. (Defined in place_take.hpp.)
    Attempt take();
    bool may_have_something() const;
    bool has_samples();
    void release(Cell& cell);
    // Lets go of what was taken and cannot have been sent, and cuts the connection.
    void reject(Cell& cell);
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
    // Takes what a publisher left that was gone before this port began, as from one that is gone since.
    tl::expected<void, std::string> take_left(control::KeptHistory left, std::uint64_t wanted);
    tl::expected<void, std::string> add_segment(const control::FurtherSegment& segment);
    void withdraw_segment(wire::Uuid segment);
    void keep_only_segments(const std::vector<wire::Uuid>& segments);
    void end(wire::RemovalReason reason);
    // What a publisher that is gone left, and nobody came for, makes room.
    bool make_free();
    void take_sender_handle(shm::UniqueFd handle, const control::Session& session);
    // Says that nothing more will be taken, to a publisher that may be waiting for room.
    void say_closed();

    wire::Uuid connection() const { return connection_; }
    wire::Uuid sender() const { return sender_; }
    SamplePort& port() const { return *port_; }

 private:
    friend class Intake;

    void begin_to_serve(State state, std::uint64_t entries, std::uint64_t wanted);
    Attempt take_otherwise();
    Attempt take_into(Cell& cell);
    Attempt finish(Cell& cell, const ring::Taken& taken);
    const std::byte* resolve(const layout::Descriptor& descriptor) const {
        return memory_.resolve(descriptor);
    }
    std::uint64_t bytes_from(const layout::Descriptor& descriptor) const {
        return memory_.bytes_from(descriptor);
    }
    FurtherMemory::Held hold(const layout::Descriptor& descriptor) const { return memory_.hold(descriptor); }
    enum class Attended : std::uint8_t { history, ring, nothing, corrupted, ended };
    Attended attend(std::unique_lock<std::mutex>& joining);
    std::optional<Attempt> take_with_attention();
    Attempt take_history();
    bool advance_history();
    bool begins_unsaid(bool in_ring) const;
    bool note_taken(Cell& cell, const ring::Taken& taken);
    Attempt finish_slowly(Cell& cell, const ring::Taken& taken);
    bool note_sequence(std::uint64_t sequence);
    bool note_gap(std::uint64_t sequence);
    Attempt give_up(Cell& cell, Result result);
    void drain();
    bool begin_close();
    void finish_close();
    void leave_origin(Cell& cell);
    void clear_up();

    // What a poll touches.
    std::atomic<bool> attention_{false};  // history, a join that is not over, or draining: the slow way
    std::atomic<bool> news_{false};       // the slow way is new, or history is left there
    std::atomic<std::uint64_t> seen_{0};  // the highest number received, or what a slow thread took for it
    std::atomic<std::uint64_t> base_{1};  // the first that was promised
    std::atomic<std::uint64_t>* position_word_ = nullptr;
    SenderMemory memory_;
    PeerHandle sender_handle_;
    const bool wakes_sender_;
    SamplePort* port_;
    wire::Uuid connection_;
    wire::Uuid sender_;
    std::atomic<State> state_{State::Free};

    std::mutex joining_;  // of history_, and of clearing up
    HistoryIntake history_;
    bool base_known_ = false;
    shm::AddressRange range_;
};

// Of a cell that is held: where it is.
inline Place& place_of(const Cell& cell) {
    return static_cast<Place&>(*cell.intake);
}

}  // namespace ipc::port
