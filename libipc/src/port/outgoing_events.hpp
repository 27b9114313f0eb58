// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/port_link.hpp"
#include "control/session.hpp"
#include "layout/event_connection.hpp"
#include "port/counter.hpp"
#include "port/peer_handle.hpp"
#include "ring/atomics.hpp"
#include "ring/event_sender.hpp"
#include "shm/mapping.hpp"
#include "wire/event.hpp"

#include <tl/expected.hpp>

#include <memory>
#include <string>

namespace ipc::port {

// A notifier's half of the connection to one listener. The control thread makes it and hands it its wake
// handle; everything else is the notifier's.
struct OutgoingEvents {
    OutgoingEvents(const wire::ConnectionOffered& details, shm::Mapping mapped,
                   const layout::EventConnection& connection, std::atomic<std::uint64_t>& written_word);

    static tl::expected<std::shared_ptr<OutgoingEvents>, std::string> map(const control::Offer& offer,
                                                                          const wire::EventSettings& settings,
                                                                          control::Session& session);

    wire::Uuid id;
    wire::Uuid listener;
    PeerHandle listener_handle;
    shm::Mapping segment;
    ring::EventSender<ring::StdAtomics> sender;
    Counter written;
};

}  // namespace ipc::port
