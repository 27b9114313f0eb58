// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/session.hpp"

#include <chrono>

namespace ipc::control {

// Sleeps for that long, driving the nodes of this process that have no thread. False as soon as the process
// was asked to terminate.
bool wait_for_termination(const Session& session, std::chrono::nanoseconds duration);

}  // namespace ipc::control
