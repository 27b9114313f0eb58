// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/broker_connection.hpp"

#include <tl/expected.hpp>

#include <string>

namespace ipc::control {

// The broker inside this process, shared by all its local nodes: started with the first, ended with the last.
tl::expected<BrokerConnection, std::string> connect_to_embedded_broker();

}  // namespace ipc::control
