// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/unique_id.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace ipc {

// What is known about a received sample besides its content.
class SampleHeader {
 public:
    using Timestamp = std::chrono::steady_clock::time_point;

    SampleHeader(UniquePortId publisher, std::uint64_t sequence, std::uint64_t elements,
                 std::optional<Timestamp> timestamp)
        : publisher_{publisher}, sequence_{sequence}, elements_{elements}, timestamp_{timestamp} {}

    UniquePortId publisher_id() const { return publisher_; }
    // Counts what this publisher sent, from 1: a difference to the one before tells what was missed.
    std::uint64_t sequence_number() const { return sequence_; }
    // Of the payload type; 1 where it is not a slice.
    std::uint64_t number_of_elements() const { return elements_; }
    // When it was sent, by the machine's monotonic clock; only in services with enable_timestamps(true). It
    // is the publisher's word.
    std::optional<Timestamp> timestamp() const { return timestamp_; }

 private:
    UniquePortId publisher_;
    std::uint64_t sequence_;
    std::uint64_t elements_;
    std::optional<Timestamp> timestamp_;
};

}  // namespace ipc
