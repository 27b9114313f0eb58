// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command_line.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace roudictl {

// Where a broker may listen.
struct Place {
    enum class Kind : std::uint8_t { Asked, Environment, System, User, Domain };
    Kind kind;
    std::string name;  // for people
    std::string path;
};

// In the order in which a node looks; then the sockets of domains, which a node finds only by their name.
std::vector<Place> places(const BrokerChoice& choice);

}  // namespace roudictl
