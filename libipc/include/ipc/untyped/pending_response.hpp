// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/expected.hpp"
#include "ipc/export.hpp"
#include "ipc/port_error.hpp"
#include "ipc/receive_error.hpp"
#include "ipc/stream_state.hpp"
#include "ipc/untyped/response.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

namespace ipc::port {
class ClientPort;
class PendingRequest;
class WaitSource;
}  // namespace ipc::port

namespace ipc::untyped {

// A request that was sent, and the stream of its responses. Dropping it ends the interest in them: servers
// see that, and what they send later goes nowhere. All members may be called by several threads at once, but
// for moving and ending it. Keeps what it needs of its client alive.
class IPC_API PendingResponse {
 public:
    PendingResponse(PendingResponse&& other) noexcept : request_{std::exchange(other.request_, nullptr)} {}
    PendingResponse& operator=(PendingResponse&& other) noexcept {
        std::swap(request_, other.request_);
        return *this;
    }
    ~PendingResponse() {
        if (request_ != nullptr) drop(request_);
    }

    // Counts what this client sent, from 1. (It changes where the request is given to another server.)
    std::uint64_t request_number() const;
    // How many servers the request went to.
    std::size_t number_of_server_connections() const;

    // The next response, or nothing: none is there, or the stream has ended; state() tells which. Does not
    // block. Servers are served in turn; of one server, responses come in the order in which they were sent.
    // At most max_borrowed_responses_per_pending_response of each server can be held at a time; those that
    // are held longer than their pending response count for one that the client sends later.
    expected<std::optional<Response>, ReceiveError> receive() { return received(take(request_)); }
    // Sleeps until there is a response; nothing at the timeout, or once the stream has ended.
    expected<std::optional<Response>, ReceiveError> receive(std::chrono::nanoseconds timeout) {
        return received(wait_and_take(request_, timeout));
    }
    // Whether receive() would find something.
    expected<bool, ReceiveError> has_response();

    // Open until everything was received that will ever come.
    StreamState state() const;
    bool is_connected() const { return state() == StreamState::Open; }

    // Ends the stream: servers see it, and nothing more is received.
    void cancel();
    // A wish that the servers end their streams; they may ask for it.
    void set_disconnect_hint();

    // For an event loop (poll, epoll): readable for as long as a response can be received, and once the
    // stream has ended (but not for a deadline that passes); quiet once a receive() found nothing. May be
    // readable with nothing there. Never read it; it lives as long as the client's port.
    expected<int, Error<FileDescriptorError>> file_descriptor();
    // What a WaitSet attaches; of no other use.
    std::shared_ptr<port::WaitSource> wait_source() const;

 private:
    friend class RequestMut;
    explicit PendingResponse(port::PendingRequest* request) : request_{request} {}
    static detail::TakenSample take(port::PendingRequest* request);
    static detail::TakenSample wait_and_take(port::PendingRequest* request, std::chrono::nanoseconds timeout);
    static void drop(port::PendingRequest* request);
    static expected<std::optional<Response>, ReceiveError> received(const detail::TakenSample& taken) {
        if (taken.held != nullptr) return std::optional<Response>{Response{taken.held}};
        if (taken.is_nothing()) return std::nullopt;
        return unexpected{taken.error()};
    }

    port::PendingRequest* request_;
};

}  // namespace ipc::untyped
