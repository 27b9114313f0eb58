// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/session.hpp"
#include "control/session_settings.hpp"
#include "shm/unique_fd.hpp"

#include <tl/expected.hpp>

#include <memory>
#include <string>

namespace ipc::control {

// A stream to a broker that accepted it.
struct BrokerConnection {
    shm::UniqueFd socket;
    std::string path;                // of its socket; empty for the one of this process
    std::string name;                // for messages: which broker this is
    bool starts = false;             // whoever misses it may start it
    std::shared_ptr<void> embedded;  // keeps the broker of this process, where it is that
};

// Finds the broker and connects, starting one where that is wanted. The error says where it was looked for.
tl::expected<BrokerConnection, CallFailure> connect_to_broker(const BrokerChoice& choice,
                                                              Clock::time_point deadline);

}  // namespace ipc::control
