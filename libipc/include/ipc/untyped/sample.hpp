// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/export.hpp"
#include "ipc/receive_error.hpp"
#include "ipc/sample_header.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace ipc::port {
struct Cell;
class SubscriberPort;
}  // namespace ipc::port

namespace ipc::detail {

// What a sample's holder may look at without the library. The rest is in port::Cell.
struct HeldSample {
    const void* payload = nullptr;
    std::uint64_t elements = 1;
};

// A received sample as it crosses the library's border, in two registers.
struct TakenSample {
    HeldSample* held;       // null: there is none
    std::uint32_t failure;  // then: 0 for nothing there, else the error + 1
    static TakenSample nothing() { return {nullptr, 0}; }
    static TakenSample failed(ReceiveError error) { return {nullptr, static_cast<std::uint32_t>(error) + 1}; }
    bool is_nothing() const { return held == nullptr && failure == 0; }
    ReceiveError error() const { return static_cast<ReceiveError>(failure - 1); }
};

}  // namespace ipc::detail

namespace ipc::untyped {

// A received sample. Its memory stays where it is, and is not written by anybody, until this object ends: on
// any thread, and after subscriber, service and node are gone.
class IPC_API Sample {
 public:
    Sample(Sample&& other) noexcept : held_{std::exchange(other.held_, nullptr)} {}
    Sample& operator=(Sample&& other) noexcept {
        std::swap(held_, other.held_);
        return *this;
    }
// GCC 12 does not see that an empty std::optional<Sample> is never destroyed.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
    ~Sample() {
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
    // Null where the service has no user header.
    const void* user_header() const;
    SampleHeader header() const;

 private:
    friend class Subscriber;
    explicit Sample(detail::HeldSample* held) : held_{held} {}
    static void release(detail::HeldSample* held);
    const port::Cell& cell() const;

    detail::HeldSample* held_;
};

}  // namespace ipc::untyped
