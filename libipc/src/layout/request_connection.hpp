// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "alignment.hpp"
#include "connection.hpp"

#include <cstdint>

namespace ipc::layout {

// One (client, server) pair's segment: a ring of requests from the client to the server, and for each request
// that the client may have under way a lane, which is a ring of responses from the server to the client. So
// one stream of responses never evicts another's. All of them are the same ring.
struct RequestConnection {
    Connection requests;
    Connection responses;          // each lane's
    std::uint64_t lane_count = 0;  // as many requests as a client may have under way
    std::uint64_t lanes = 0;       // offset of the first
    std::uint64_t lane_size = 0;
    std::uint64_t size = 0;

    constexpr std::uint64_t lane(std::uint64_t number) const { return lanes + number * lane_size; }
};

struct RequestDemand {
    std::uint64_t active_requests = 0;     // of one client
    std::uint64_t response_buffer = 0;     // of one lane
    std::uint64_t borrowed_responses = 0;  // likewise
};

// A server may hold every request that waits or is under way. Every part is bounded by its own limit; their
// product is not, and stays at the greatest number.
constexpr RequestConnection request_connection(const RequestDemand& demand, std::uint64_t request_slot_size,
                                               std::uint64_t response_slot_size) {
    RequestConnection result;
    result.requests = connection(demand.active_requests, demand.active_requests, request_slot_size);
    result.responses = connection(demand.response_buffer, demand.borrowed_responses, response_slot_size);
    result.lane_count = demand.active_requests;
    result.lanes = round_up(result.requests.size, separation);
    result.lane_size = round_up(result.responses.size, separation);
    result.size = sum(result.lanes, product(result.lane_count, result.lane_size));
    return result;
}

}  // namespace ipc::layout
