// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shm/memory_file.hpp"
#include "shm/unique_fd.hpp"
#include "wire/messages.hpp"

#include <tl/expected.hpp>

#include <string>
#include <vector>

namespace ipc::control {

// One half of a connection, as the broker offered it. The pidfd stays with the session, which watches it.
struct Offer {
    wire::ConnectionOffered details;
    shm::MemoryFile connection_segment;
    std::vector<shm::MemoryFile> data_segments;  // the peer's, read-only; empty where it only receives
    bool own_membarrier_registered = false;
    bool own_membarrier_available = false;
};

// What the session tells a port. Called on the thread that drives the node, never on two at once, and never
// after Session::drop_port returned. The port maps here, off its hot path, and hands the result to itself.
class PortLink {
 public:
    virtual ~PortLink() = default;

    // Once this returns, a sender's next send reaches the new receiver. The error says why the half cannot be
    // used; the broker is told and the connection ends.
    virtual tl::expected<void, std::string> connect(Offer offer) = 0;

    // The peer is gone, or the connection was cut. May come for a connection that this port cut itself.
    virtual void disconnect(wire::Uuid connection, wire::RemovalReason reason) = 0;

    // A line that wakes the connection's other end, which may sleep from now on; in place of an older one.
    virtual void wake_offered(wire::Uuid connection, shm::UniqueFd handle) = 0;
};

}  // namespace ipc::control
