// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "layout/request_connection.hpp"
#include "port/outgoing_ring.hpp"
#include "shm/mapping.hpp"

#include <cstdint>
#include <deque>
#include <utility>

namespace ipc::port {

// A server's half of the connection to one client: a ring for each request that the client may have under
// way. The control thread makes it and hands it its wake handle; everything else is the server's.
struct OutgoingLanes : OutgoingPeer {
    OutgoingLanes(const control::Offer& offer, shm::Mapping mapped, const layout::RequestConnection& layout,
                  Counter written)
        : OutgoingPeer{offer.details.connection, offer.details.peer_port}, segment{std::move(mapped)} {
        for (std::uint64_t i = 0; i < layout.lane_count; ++i) {
            lanes.emplace_back(*this, segment.data() + layout.lane(i), layout.responses, written,
                               wake_fence_towards(offer));
            lanes.back().stream = 0;  // none has begun
        }
    }

    shm::Mapping segment;
    std::deque<OutgoingRing> lanes;
};

}  // namespace ipc::port
