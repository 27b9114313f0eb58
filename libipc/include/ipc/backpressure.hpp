// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/unique_id.hpp"

#include <chrono>
#include <cstdint>
#include <functional>

namespace ipc {

// What a sending port (publisher, client or server) does when a receiver's buffer is full and the service has
// no safe overflow. (With safe overflow the receiver's oldest sample makes room, and nobody ever waits.)
enum class BackpressureStrategy : std::uint8_t {
    RetryUntilDelivered,  // waits until the receiver has room, dies, or the process is asked to terminate
    DiscardData,          // that receiver misses the sample
};

// What a backpressure handler decides about one receiver and one sample, request or response.
enum class BackpressureAction : std::uint8_t {
    FollowBackpressureStrategy,  // as if there were no handler
    Retry,                       // waits for room, and asks again every 10 ms while there is none
    DiscardData,                 // that receiver misses the sample
    DiscardDataAndFail,          // likewise, and the send reports SendError::UnableToDeliver
};

struct BackpressureInfo {
    UniquePortId sender;
    UniquePortId receiver;             // whose buffer is full
    std::uint64_t retries = 0;         // how often this was asked before, for this sample and receiver
    std::chrono::nanoseconds elapsed;  // since it was asked first
};

// Called by the thread that sends, in the middle of a send: it must not use the port, and must not
// throw.
using BackpressureHandler = std::function<BackpressureAction(const BackpressureInfo&)>;

}  // namespace ipc
