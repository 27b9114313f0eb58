// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/unique_id.hpp"

#include <chrono>
#include <cstdint>
#include <functional>

namespace ipc {

// What a publisher does when a subscriber's buffer is full and the service has no safe overflow. (With safe
// overflow the subscriber's oldest sample makes room, and a publisher never waits.)
enum class BackpressureStrategy : std::uint8_t {
    RetryUntilDelivered,  // waits until the subscriber has room, dies, or the process is asked to terminate
    DiscardData,          // that subscriber misses the sample
};

// What a backpressure handler decides about one subscriber and one sample.
enum class BackpressureAction : std::uint8_t {
    FollowBackpressureStrategy,  // as if there were no handler
    Retry,                       // waits for room, and asks again every 10 ms while there is none
    DiscardData,                 // that subscriber misses the sample
    DiscardDataAndFail,          // likewise, and the send reports SendError::UnableToDeliver
};

struct BackpressureInfo {
    UniquePortId publisher;
    UniquePortId subscriber;           // whose buffer is full
    std::uint64_t retries = 0;         // how often this was asked before, for this sample and subscriber
    std::chrono::nanoseconds elapsed;  // since it was asked first
};

// Called by the thread that sends, in the middle of a send: it must not use the publisher, and must not
// throw.
using BackpressureHandler = std::function<BackpressureAction(const BackpressureInfo&)>;

}  // namespace ipc
