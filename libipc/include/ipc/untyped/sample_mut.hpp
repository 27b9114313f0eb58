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

namespace ipc::untyped {

// A loaned sample: memory that subscribers will read, and that only its owner writes. Dropped without being
// sent, the loan goes back. Keeps what it needs of its publisher alive, and is used by the thread that the
// publisher belongs to (any thread, for a publisher that is thread_safe).
class IPC_API SampleMut {
 public:
    SampleMut(SampleMut&& other) noexcept
        : port_{std::exchange(other.port_, nullptr)},
          chunk_{other.chunk_},
          payload_{other.payload_},
          user_header_{other.user_header_} {}
    SampleMut& operator=(SampleMut&& other) noexcept {
        std::swap(port_, other.port_);
        std::swap(chunk_, other.chunk_);
        std::swap(payload_, other.payload_);
        std::swap(user_header_, other.user_header_);
        return *this;
    }
    ~SampleMut() {
        if (port_ != nullptr) return_loan();
    }

    // As large and as aligned as the service's payload; whatever an earlier sample left is in there.
    void* payload() const { return payload_; }
    std::size_t payload_size() const;
    // Null where the service has no user header.
    void* user_header() const { return user_header_; }

    // Delivers it to all connected subscribers and returns how many got it. Blocks where the service has no
    // safe overflow, a buffer is full, and the backpressure strategy says so.
    expected<std::size_t, SendError> send() &&;

 private:
    friend class port::PublisherPort;
    SampleMut(port::PublisherPort* port, std::uint32_t chunk, void* payload, void* user_header)
        : port_{port}, chunk_{chunk}, payload_{payload}, user_header_{user_header} {}
    void return_loan();

    port::PublisherPort* port_;
    std::uint32_t chunk_;
    void* payload_;
    void* user_header_;
};

}  // namespace ipc::untyped
