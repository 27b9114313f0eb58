// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/expected.hpp"
#include "ipc/export.hpp"
#include "ipc/request_error.hpp"
#include "ipc/untyped/pending_response.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace ipc::detail {

// A request that was sent as it crosses the library's border, in two registers.
struct SentRequest {
    port::PendingRequest* request;  // null: it was not sent, because of the error
    RequestSendError error;
};

}  // namespace ipc::detail

namespace ipc::untyped {

// A loaned request: memory that servers will read, and that only its owner writes. Dropped without being
// sent, the loan goes back. Keeps what it needs of its client alive, and is used by the thread that the
// client belongs to (any thread, for a client that is thread_safe).
class IPC_API RequestMut {
 public:
    RequestMut(RequestMut&& other) noexcept
        : port_{std::exchange(other.port_, nullptr)},
          payload_{other.payload_},
          chunk_{other.chunk_},
          deadline_{other.deadline_} {}
    RequestMut& operator=(RequestMut&& other) noexcept {
        std::swap(port_, other.port_);
        std::swap(payload_, other.payload_);
        std::swap(chunk_, other.chunk_);
        std::swap(deadline_, other.deadline_);
        return *this;
    }
    ~RequestMut() {
        if (port_ != nullptr) return_loan(port_, chunk_);
    }

    // As large and as aligned as the service's request; whatever an earlier one left is in there.
    void* payload() const { return payload_; }
    // Bytes: all elements of a slice.
    std::size_t payload_size() const;
    // Of a slice; else 1.
    std::uint64_t number_of_elements() const;
    // Null where the service has no user header for requests.
    void* user_header() const;

    // How long after it was sent the stream of its responses ends, for both sides. Default: the client's.
    void set_deadline(std::chrono::nanoseconds after_sending) { deadline_ = after_sending.count(); }

    // Delivers it to the connected servers that the client's routing chooses. Blocks where the service has no
    // safe overflow for requests, a buffer is full, and the backpressure strategy says so. Where no server is
    // connected, the stream has ended from the beginning.
    expected<PendingResponse, RequestSendError> send() && {
        const detail::SentRequest sent = send_chunk(std::exchange(port_, nullptr), chunk_, deadline_);
        if (sent.request == nullptr) return unexpected{sent.error};
        return PendingResponse{sent.request};
    }

 private:
    friend class Client;
    RequestMut(port::ClientPort* port, std::uint32_t chunk, void* payload)
        : port_{port}, payload_{payload}, chunk_{chunk} {}
    // The library is given values and gives values, as for SampleMut.
    static detail::SentRequest send_chunk(port::ClientPort* port, std::uint32_t chunk, std::int64_t deadline);
    static void return_loan(port::ClientPort* port, std::uint32_t chunk);

    port::ClientPort* port_;
    void* payload_;
    std::uint32_t chunk_;
    std::int64_t deadline_ = 0;  // 0: the client's
};

}  // namespace ipc::untyped
