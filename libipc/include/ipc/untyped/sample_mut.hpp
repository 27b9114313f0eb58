// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/expected.hpp"
#include "ipc/export.hpp"
#include "ipc/send_error.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace ipc::port {
class PublisherPort;
}

namespace ipc::detail {

// A loan as it crosses the library's border, in two registers.
struct LoanedChunk {
    void* payload;  // null: there is none, because of the error
    std::uint32_t chunk_or_error;
};

}  // namespace ipc::detail

namespace ipc::untyped {

// A loaned sample: memory that subscribers will read, and that only its owner writes. Dropped without being
// sent, the loan goes back. Keeps what it needs of its publisher alive, and is used by the thread that the
// publisher belongs to (any thread, for a publisher that is thread_safe).
class IPC_API SampleMut {
 public:
    SampleMut(SampleMut&& other) noexcept
        : port_{std::exchange(other.port_, nullptr)}, payload_{other.payload_}, chunk_{other.chunk_} {}
    SampleMut& operator=(SampleMut&& other) noexcept {
        std::swap(port_, other.port_);
        std::swap(payload_, other.payload_);
        std::swap(chunk_, other.chunk_);
        return *this;
    }
    ~SampleMut() {
        if (port_ != nullptr) return_loan(port_, chunk_);
    }

    // As large and as aligned as the service's payload; whatever an earlier sample left is in there.
    void* payload() const { return payload_; }
    // Bytes: all elements of a slice.
    std::size_t payload_size() const;
    // Of a slice; else 1.
    std::uint64_t number_of_elements() const;
    // Null where the service has no user header.
    void* user_header() const;

    // Delivers it to all connected subscribers and returns how many got it. Blocks where the service has no
    // safe overflow, a buffer is full, and the backpressure strategy says so.
    expected<std::size_t, SendError> send() && {
        const std::int64_t outcome = send_chunk(std::exchange(port_, nullptr), chunk_);
        if (outcome < 0) return unexpected{static_cast<SendError>(-1 - outcome)};
        return static_cast<std::size_t>(outcome);
    }

 private:
    friend class Publisher;
    SampleMut(port::PublisherPort* port, std::uint32_t chunk, void* payload)
        : port_{port}, payload_{payload}, chunk_{chunk} {}
    // The library is given values and gives values, so that a loan can stay in registers on its way: through
    // memory, each of its moves would wait for the stores of the one before.
    // Returns the number of receivers, or -1 - the error.
    static std::int64_t send_chunk(port::PublisherPort* port, std::uint32_t chunk);
    static void return_loan(port::PublisherPort* port, std::uint32_t chunk);

    port::PublisherPort* port_;
    void* payload_;
    std::uint32_t chunk_;
};

}  // namespace ipc::untyped
