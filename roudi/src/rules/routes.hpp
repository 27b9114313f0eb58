// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "registry/entities.hpp"

#include <cstdint>
#include <span>

namespace roudi {

// What a connection is going to be.
struct ConnectionPlan {
    wire::ConnectionSettings settings;
    std::uint64_t segment_size = 0;
};

// A connection leads from a port that sends to one that receives. Ports of one service whose kinds a route
// names are connected, each with each.
struct Route {
    wire::PortKind sender;
    wire::PortKind receiver;
    ConnectionPlan (*plan)(const Port& sender, const Port& receiver);
};

std::span<const Route> routes();

}  // namespace roudi
