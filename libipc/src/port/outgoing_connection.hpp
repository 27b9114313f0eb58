// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/port_link.hpp"
#include "control/session.hpp"
#include "port/counter.hpp"
#include "port/peer_handle.hpp"
#include "ring/atomics.hpp"
#include "ring/delivery_sender.hpp"
#include "shm/mapping.hpp"
#include "wire/publish_subscribe.hpp"

#include <tl/expected.hpp>

#include <memory>
#include <string>

namespace ipc::port {

// A publisher's half of the connection to one subscriber. The control thread makes it and hands it its wake
// handle; everything else is the publisher's.
struct OutgoingConnection {
    OutgoingConnection(const wire::ConnectionOffered& details, shm::Mapping mapped,
                       const layout::Connection& connection, std::atomic<std::uint64_t>& written_word);

    static tl::expected<std::shared_ptr<OutgoingConnection>, std::string> map(
        const control::Offer& offer, const wire::PublishSubscribeSettings& settings,
        control::Session& session);

    wire::Uuid id;
    wire::Uuid peer_port;
    PeerHandle receiver_handle;
    shm::Mapping segment;
    ring::DeliverySender<ring::StdAtomics> sender;
    Counter written;
    bool awaits_room = false;  // for the sample that is being sent
    bool corrupted = false;
};

}  // namespace ipc::port
