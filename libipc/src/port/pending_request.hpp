// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "port/place_table.hpp"
#include "port/response_place.hpp"
#include "port/sleeper.hpp"
#include "port/wait_source.hpp"
#include "ring/chunk_books.hpp"

#include <ipc/stream_state.hpp>
#include <ipc/untyped/sample.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace ipc::port {

class ClientPort;

// A request that is under way: its lane of each server that it was given to. It stays where it is while its
// PendingResponse is moved about, and serves one request after another. All members may be called by several
// threads at once, but for those that begin and end it.
class PendingRequest {
 public:
    PendingRequest(ClientPort& port, std::uint32_t lane, SharedHandle& handle);

    // The client's, in the middle of a send.
    void begin(std::uint64_t number, std::uint64_t deadline_ns);
    // For another server, whose lane serves it already.
    void renumber(std::uint64_t number);
    bool is_lost_unanswered() const;
    void went_to(std::size_t servers);

    // The PendingResponse's.
    detail::TakenSample receive();
    detail::TakenSample receive(std::chrono::nanoseconds timeout);
    bool has_response();
    StreamState state();
    void cancel();
    void hint_disconnect();
    // Nobody is interested any more. After this the port may be gone.
    void drop();
    tl::expected<int, control::CallFailure> file_descriptor();
    std::shared_ptr<WaitSource> wait_source();

    ClientPort& port() const { return *port_; }
    std::uint32_t lane() const { return lane_; }
    std::uint64_t number() const { return number_.load(std::memory_order_acquire); }  // pairs with renumber()
    std::uint64_t deadline_ns() const { return deadline_ns_; }
    std::size_t servers() const { return given_.load(std::memory_order_relaxed); }
    // The request's memory, for another server; no_chunk: it is not kept.
    ring::ChunkId kept = ring::no_chunk;

    // A wait set's, as long as this is the `use`-th request here.
    std::uint64_t use() const { return use_.load(std::memory_order_acquire); }
    WaitSource::Look look();
    Deadline next_look();
    void wake() const { sleeper_.wake(); }
    tl::expected<int, control::CallFailure> attach();

 private:
    class Lanes;
    Lanes lanes() const;
    detail::TakenSample take();
    void note_received();
    // By who begins or ends a request, and nobody else.
    void another_use() {
        use_.store(use_.load(std::memory_order_relaxed) + 1, std::memory_order_release);  // pairs with use()
    }
    StreamState seen_state() const;
    bool deadline_has_passed() const;
    Deadline request_deadline() const;

    ClientPort* port_;
    const std::uint32_t lane_;
    std::atomic<std::uint64_t> number_{0};
    std::uint64_t deadline_ns_ = 0;  // by the steady clock; 0: none
    std::atomic<std::size_t> given_{0};
    std::atomic<std::size_t> next_{0};  // behind the place that was served last
    std::atomic<std::uint64_t> use_{0};
    std::atomic<bool> cancelled_{false};
    // Responses so far, and how many of them status knows. (Threads that share one may lose a count.)
    std::atomic<std::uint64_t> received_{0};
    std::atomic<std::uint64_t> noted_{0};
    std::atomic<bool> lost_{false};  // with its server, and no other has got it
    Sleeper sleeper_;
};

}  // namespace ipc::port
