// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "port/intake.hpp"
#include "ring/lane_use.hpp"

#include <atomic>
#include <cstdint>

namespace ipc::port {

class ResponsePlace;

// A client's end of one lane: the responses of one server to one request at a time. A request
// that is under way keeps its place's connection, also when the server is gone, for what it left may still be
// received.
class ResponseLane : public Intake {
 public:
    ResponseLane(ResponsePlace& place, std::byte* ring);

    // The connection begins.
    void open(ring::WakeFence fence);
    // It is over: no request can begin any more, and the lane closes with the one that is under way.
    void disconnect();
    // Likewise, and nothing more is taken from now on.
    void close();

    // The client's: a request begins (false: the connection is over), and is over.
    bool begin(std::uint64_t request);
    void end();
    bool serves(std::uint64_t request) const { return use_.serves(request); }
    bool is_in_use() const { return use_.serves_any(); }
    // Where the request lies in the ring of requests; and that a newer one took its place there.
    void note_sent(std::uint64_t position) { sent_end_ = position + 1; }
    bool was_sent_at(std::uint64_t position) const { return sent_end_ == position + 1; }
    void displace(std::uint64_t request) { displaced_.store(request, std::memory_order_relaxed); }
    bool is_displaced(std::uint64_t request) const {
        return displaced_.load(std::memory_order_relaxed) == request;
    }

    Attempt take(std::uint64_t request);
    void release(Cell& cell);
    bool has_data() const { return receiver_.has_data(); }
    // Everything that the server sent in this stream was taken.
    bool has_ended(std::uint64_t request) const {
        return receiver_.stream_ended(request) && receiver_.position() >= receiver_.end_position();
    }
    // Tells the server that nothing more is taken of this stream, and wakes it if it waits for room.
    void give_up(std::uint64_t request);
    bool stream_ended(std::uint64_t request) const { return receiver_.stream_ended(request); }
    void hint_disconnect(std::uint64_t request) { receiver_.hint_disconnect(request); }

    // In the words of ring/arming.hpp.
    void raise_wake() { receiver_.raise_wake(); }
    bool sender_has_handle() const { return receiver_.sender_has_handle(); }
    void confirm_sender_handle() { receiver_.confirm_sender_handle(); }

    ResponsePlace& place() const { return *place_; }
    // Nobody holds a cell: for another connection.
    void begin_again() { receiver_.begin_again(); }

 private:
    friend class Intake;
    Attempt take_into(Cell& cell);
    Attempt finish(Cell& cell, const ring::Taken& taken);
    Attempt finish_slowly(Cell& cell, const ring::Taken& taken);
    Attempt finish_filled(Cell& cell, const ring::Taken& taken, bool is_there);
    Attempt give_up(Cell& cell, Result result);
    const std::byte* resolve(const layout::Descriptor& descriptor) const;
    std::uint64_t bytes_from(const layout::Descriptor& descriptor) const;
    FurtherMemory::Held hold(const layout::Descriptor& descriptor) const;
    void leave_origin(Cell& cell);

    void shut();

    ring::LaneUse<ring::StdAtomics> use_;
    std::atomic<bool> shut_{true};
    std::atomic<std::uint64_t> next_{0};       // position, for status
    std::atomic<std::uint64_t> displaced_{0};  // a request's number
    std::uint64_t sent_end_ = 0;               // the client's, in the middle of a send
    const std::uint64_t buffer_size_;
    ResponsePlace* place_;
};

}  // namespace ipc::port
