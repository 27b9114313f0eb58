// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/port_link.hpp"
#include "control/session.hpp"
#include "port/outgoing_ring.hpp"
#include "shm/mapping.hpp"
#include "shm/residence.hpp"
#include "wire/publish_subscribe.hpp"

#include <tl/expected.hpp>

#include <memory>
#include <string>
#include <utility>

namespace ipc::port {

// A connection's segment; the error says why it cannot be used.
tl::expected<shm::Mapping, std::string> map_connection(const shm::MemoryFile& segment, std::uint64_t size,
                                                       shm::Residence residence);

// A sending port's half of the connection to one receiver, with one ring. The control thread makes it and
// hands it its wake handle; everything else is the port's.
struct OutgoingConnection : OutgoingPeer {
    OutgoingConnection(const control::Offer& offer, shm::Mapping mapped, const layout::Connection& layout,
                       Counter written);

    // Maps a segment that has the ring at its beginning. `Derived` is this, or what a port makes of it.
    template <class Derived = OutgoingConnection>
    static tl::expected<std::shared_ptr<Derived>, std::string> map(const control::Offer& offer,
                                                                   std::uint64_t segment_size,
                                                                   const layout::Connection& layout,
                                                                   control::Session& session,
                                                                   shm::Residence residence) {
        auto mapping = map_connection(offer.connection_segment, segment_size, residence);
        if (!mapping) return tl::unexpected{std::move(mapping.error())};
        return std::make_shared<Derived>(offer, std::move(*mapping), layout,
                                         written_counter(session, offer.details.record));
    }

    shm::Mapping segment;
    OutgoingRing ring;
};

// The ring of a connection that the broker offers a publisher; the error says why it is none of this
// service's.
tl::expected<layout::Connection, std::string> layout_of_offered(
    const wire::ConnectionOffered& offered, const wire::PublishSubscribeSettings& settings);

}  // namespace ipc::port
