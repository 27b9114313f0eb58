// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/response.hpp"
#include "ipc/untyped/pending_response.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

namespace ipc {

// A request that was sent, and the stream of its responses. See untyped::PendingResponse for each member,
// threads and lifetime.
template <class ResponsePayload, class ResponseHeader = void>
class PendingResponse {
 public:
    using Received = Response<ResponsePayload, ResponseHeader>;

    explicit PendingResponse(untyped::PendingResponse pending) : pending_{std::move(pending)} {}

    std::uint64_t request_number() const { return pending_.request_number(); }
    std::size_t number_of_server_connections() const { return pending_.number_of_server_connections(); }

    // The next response, or nothing. Does not block.
    expected<std::optional<Received>, ReceiveError> receive() { return typed(pending_.receive()); }
    // Sleeps until there is a response; nothing at the timeout, or once the stream has ended.
    expected<std::optional<Received>, ReceiveError> receive(std::chrono::nanoseconds timeout) {
        return typed(pending_.receive(timeout));
    }
    expected<bool, ReceiveError> has_response() { return pending_.has_response(); }

    StreamState state() const { return pending_.state(); }
    bool is_connected() const { return pending_.is_connected(); }
    void cancel() { pending_.cancel(); }
    void set_disconnect_hint() { pending_.set_disconnect_hint(); }

    expected<int, Error<FileDescriptorError>> file_descriptor() { return pending_.file_descriptor(); }
    // What a WaitSet attaches; of no other use.
    std::shared_ptr<port::WaitSource> wait_source() const { return pending_.wait_source(); }

 private:
    static expected<std::optional<Received>, ReceiveError> typed(
        expected<std::optional<untyped::Response>, ReceiveError> received) {
        if (!received) return unexpected{received.error()};
        std::optional<Received> result;
        if (*received) result.emplace(std::move(**received));
        return result;
    }

    untyped::PendingResponse pending_;
};

}  // namespace ipc
