// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/expected.hpp"
#include "ipc/export.hpp"
#include "ipc/request_header.hpp"
#include "ipc/send_error.hpp"
#include "ipc/stream_state.hpp"
#include "ipc/untyped/response_mut.hpp"
#include "ipc/untyped/sample.hpp"
#include "ipc/untyped/sample_mut.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

namespace ipc::untyped {

// A received request, and the stream of responses to it. Dropping it ends the stream. Its memory stays where
// it is until then. Used by the thread that the server belongs to (any thread, for a server that is
// thread_safe).
class IPC_API ActiveRequest {
 public:
    ActiveRequest(ActiveRequest&& other) noexcept : held_{std::exchange(other.held_, nullptr)} {}
    ActiveRequest& operator=(ActiveRequest&& other) noexcept {
        std::swap(held_, other.held_);
        return *this;
    }
// GCC 12 does not see that an empty std::optional<ActiveRequest> is never destroyed.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
    ~ActiveRequest() {
        if (held_ != nullptr) finish(held_);
    }
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

    const void* payload() const {
        return held_->payload;
    }
    // Bytes: all elements of a slice.
    std::size_t payload_size() const;
    // Of a slice; else 1. They lie in the sender's memory, all of them: that was checked.
    std::uint64_t number_of_elements() const {
        return held_->elements;
    }
    // Null where the service has no user header for requests.
    const void* user_header() const;
    RequestHeader header() const;

    // Memory for one response; where responses are slices, for one of a single element. Does not block. At
    // most max_loaned_responses_per_request at a time.
    expected<ResponseMut, LoanError> loan() {
        return loan_slice(1);
    }
    // Memory for a slice of so many elements: up to initial_max_slice_len, or more where the port grows,
    // which blocks. (Where responses are of fixed size any other number than 1 is ExceedsMaxLoanSize.)
    expected<ResponseMut, LoanError> loan_slice(std::uint64_t elements) {
        const detail::LoanedChunk loaned = loan_chunk(held_, elements);
        if (loaned.payload == nullptr) return unexpected{static_cast<LoanError>(loaned.chunk_or_error)};
        return ResponseMut{held_, loaned.chunk_or_error, loaned.payload};
    }
    // Loans, copies as many bytes as a response has, and sends.
    expected<std::size_t, SendError> send_copy(const void* payload);
    // Likewise, so many elements.
    expected<std::size_t, SendError> send_slice_copy(const void* payload, std::uint64_t elements);

    // Whether somebody still waits for responses; if not, why.
    StreamState state() const;
    bool is_connected() const {
        return state() == StreamState::Open;
    }
    // Whether the client wishes for the stream to end.
    bool has_disconnect_hint() const;
    // When the stream ends by itself, by the machine's monotonic clock.
    std::optional<std::chrono::steady_clock::time_point> deadline() const;

 private:
    friend class Server;
    explicit ActiveRequest(detail::HeldSample* held) : held_{held} {}
    static detail::LoanedChunk loan_chunk(detail::HeldSample* held, std::uint64_t elements);
    static void finish(detail::HeldSample* held);

    detail::HeldSample* held_;
};

}  // namespace ipc::untyped
