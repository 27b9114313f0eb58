// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/expected.hpp"
#include "ipc/export.hpp"
#include "ipc/send_error.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace ipc::detail {
struct HeldSample;
}

namespace ipc::untyped {

// A loaned response: memory that the client will read, and that only its owner writes. Dropped without being
// sent, the loan goes back. Keeps what it needs of its server alive, and is used by the thread that the
// server belongs to (any thread, for a server that is thread_safe).
class IPC_API ResponseMut {
 public:
    ResponseMut(ResponseMut&& other) noexcept
        : request_{std::exchange(other.request_, nullptr)}, payload_{other.payload_}, chunk_{other.chunk_} {}
    ResponseMut& operator=(ResponseMut&& other) noexcept {
        std::swap(request_, other.request_);
        std::swap(payload_, other.payload_);
        std::swap(chunk_, other.chunk_);
        return *this;
    }
    ~ResponseMut() {
        if (request_ != nullptr) return_loan(request_, chunk_);
    }

    // As large and as aligned as the service's response; whatever an earlier one left is in there.
    void* payload() const { return payload_; }
    // Bytes: all elements of a slice.
    std::size_t payload_size() const;
    // Of a slice; else 1.
    std::uint64_t number_of_elements() const;
    // Null where the service has no user header for responses.
    void* user_header() const;

    // Delivers it to the client, and returns 1; or 0 where the stream has ended, for whatever cause. Blocks
    // where the service has no safe overflow for responses, the client's buffer is full, and the backpressure
    // strategy says so.
    expected<std::size_t, SendError> send() && {
        const std::int64_t outcome = send_chunk(std::exchange(request_, nullptr), chunk_);
        if (outcome < 0) return unexpected{static_cast<SendError>(-1 - outcome)};
        return static_cast<std::size_t>(outcome);
    }

 private:
    friend class ActiveRequest;
    ResponseMut(detail::HeldSample* request, std::uint32_t chunk, void* payload)
        : request_{request}, payload_{payload}, chunk_{chunk} {}
    // The library is given values and gives values, as for SampleMut.
    static std::int64_t send_chunk(detail::HeldSample* request, std::uint32_t chunk);
    static void return_loan(detail::HeldSample* request, std::uint32_t chunk);

    detail::HeldSample* request_;
    void* payload_;
    std::uint32_t chunk_;
};

}  // namespace ipc::untyped
