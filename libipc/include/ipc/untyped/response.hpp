// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/export.hpp"
#include "ipc/request_header.hpp"
#include "ipc/untyped/sample.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace ipc::untyped {

// A received response. Its memory stays where it is, and is not written by anybody, until this object ends:
// on any thread, and after pending response, client, service and node are gone.
class IPC_API Response {
 public:
    Response(Response&& other) noexcept : held_{std::exchange(other.held_, nullptr)} {}
    Response& operator=(Response&& other) noexcept {
        std::swap(held_, other.held_);
        return *this;
    }
// GCC 12 does not see that an empty std::optional<Response> is never destroyed.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
    ~Response() {
        if (held_ != nullptr) release(held_);
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
    // Null where the service has no user header for responses.
    const void* user_header() const;
    ResponseHeader header() const;

 private:
    friend class PendingResponse;
    explicit Response(detail::HeldSample* held) : held_{held} {}
    static void release(detail::HeldSample* held);

    detail::HeldSample* held_;
};

}  // namespace ipc::untyped
