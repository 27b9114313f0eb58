// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/export.hpp"
#include "ipc/sample_header.hpp"

#include <cstddef>
#include <utility>

namespace ipc::port {
struct Cell;
class SubscriberPort;
}  // namespace ipc::port

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
        if (cell_ != nullptr) release();
    }

    const void* payload() const { return payload_; }
    std::size_t payload_size() const;
    // Null where the service has no user header.
    const void* user_header() const;
    SampleHeader header() const;

 private:
    friend class port::SubscriberPort;
    Sample(port::Cell* cell, const void* payload) : cell_{cell}, payload_{payload} {}
    void release();

    port::Cell* cell_;
    const void* payload_;
};

}  // namespace ipc::untyped
