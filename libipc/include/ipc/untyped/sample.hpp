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

// A received sample as it crosses the library's border, in two registers.
struct TakenSample {
    port::Cell* cell;  // null: there is none
    const void* payload;
    // Of one without a cell: null for nothing there, else the error + 1.
    static TakenSample nothing() { return {nullptr, nullptr}; }
    static TakenSample failed(ReceiveError error) {
        return {nullptr, reinterpret_cast<const void*>(static_cast<std::uintptr_t>(error) + 1)};
    }
    bool is_nothing() const { return cell == nullptr && payload == nullptr; }
    ReceiveError error() const {
        return static_cast<ReceiveError>(reinterpret_cast<std::uintptr_t>(payload) - 1);
    }
};

}  // namespace ipc::detail

namespace ipc::untyped {

// A received sample. Its memory stays where it is, and is not written by anybody, until this object ends: on
// any thread, and after subscriber, service and node are gone.
class IPC_API Sample {
 public:
    Sample(Sample&& other) noexcept : cell_{std::exchange(other.cell_, nullptr)}, payload_{other.payload_} {}
    Sample& operator=(Sample&& other) noexcept {
        std::swap(cell_, other.cell_);
        std::swap(payload_, other.payload_);
        return *this;
    }
    ~Sample() {
        if (cell_ != nullptr) release(cell_);
    }

    const void* payload() const { return payload_; }
    std::size_t payload_size() const;
    // Null where the service has no user header.
    const void* user_header() const;
    SampleHeader header() const;

 private:
    friend class Subscriber;
    Sample(port::Cell* cell, const void* payload) : cell_{cell}, payload_{payload} {}
    static void release(port::Cell* cell);

    port::Cell* cell_;
    const void* payload_;
};

}  // namespace ipc::untyped
