// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/session_settings.hpp"

#include <tl/expected.hpp>

#include <string>
#include <vector>

namespace ipc::control {

// Where a broker may be, in the order in which a node looks.
struct SocketPlaces {
    std::vector<std::string> sockets;
    std::string system;    // of these, the system broker's; empty where one socket was named
    std::string user;      // of these, the one that autostart uses; empty where one socket was named
    std::string named_by;  // "the configuration" or "ROUDI_SOCKET" where one socket was named
};

// The error says what is wrong with the choice: a domain name that is no file name.
tl::expected<SocketPlaces, std::string> socket_places(const BrokerChoice& choice);

}  // namespace ipc::control
