// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/session.hpp"
#include "control/session_settings.hpp"

#include <tl/expected.hpp>

#include <string>

namespace ipc::control {

// Starts a broker for this user on that socket and returns when it accepts; or when another process that had
// the same idea has done it. The error says what to do.
tl::expected<void, std::string> start_user_broker(const BrokerChoice& choice, const std::string& socket,
                                                  Clock::time_point deadline);

}  // namespace ipc::control
