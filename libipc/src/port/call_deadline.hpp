// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/session.hpp"

#include <chrono>

namespace ipc::port {

// How long a port waits for the broker to answer one request: it does so in microseconds, unless it is
// stopped.
inline control::Clock::time_point call_deadline() {
    return control::Clock::now() + std::chrono::seconds{5};
}

}  // namespace ipc::port
