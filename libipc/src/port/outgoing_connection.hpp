// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/port_link.hpp"
#include "control/session.hpp"
#include "port/outgoing_ring.hpp"
#include "shm/mapping.hpp"
#include "wire/publish_subscribe.hpp"

#include <tl/expected.hpp>

#include <memory>
#include <string>

namespace ipc::port {

// A sending port's half of the connection to one receiver, with one ring. The control thread makes it and
// hands it its wake handle; everything else is the port's.
struct OutgoingConnection : OutgoingPeer {
    OutgoingConnection(const control::Offer& offer, shm::Mapping mapped, const layout::Connection& layout,
                       Counter written);

    // Maps a segment that has the ring at its beginning.
    static tl::expected<std::shared_ptr<OutgoingConnection>, std::string> map(
        const control::Offer& offer, std::uint64_t segment_size, const layout::Connection& layout,
        control::Session& session);

    shm::Mapping segment;
    OutgoingRing ring;
};

// The ring of a connection that the broker offers a publisher; the error says why it is none of this
// service's.
tl::expected<layout::Connection, std::string> layout_of_offered(
    const wire::ConnectionOffered& offered, const wire::PublishSubscribeSettings& settings);

}  // namespace ipc::port
