// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shm/memory_file.hpp"
#include "shm/unique_fd.hpp"
#include "wire/messages.hpp"

#include <tl/expected.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace ipc::control {

// A data segment that a sender has beside its first one, read-only.
struct FurtherSegment {
    wire::DataSegment details;
    shm::MemoryFile file;
};

// One half of a connection, as the broker offered it. The pidfd stays with the session, which watches it.
struct Offer {
    wire::ConnectionOffered details;
    shm::MemoryFile connection_segment;
    std::vector<shm::MemoryFile> data_segments;  // the peer's first, read-only; empty where it only receives
    std::vector<FurtherSegment> further;         // and its others
    std::vector<std::uint32_t> taken;  // numbers of the port's own others that the peer has, or will have
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

    // Of a port that sends, and grows. A further segment has that number now, and nobody has it yet; then the
    // receiver at the other end has.
    virtual void segment_begins(std::uint32_t /*number*/) {}
    virtual void segment_ready(wire::Uuid /*connection*/, std::uint32_t /*number*/) {}

    // Of a port that receives: its sender has got a further segment, which is mapped once this returns; has
    // given it back; or has given back all but these. The error says why it cannot be used; the connection
    // ends.
    virtual tl::expected<void, std::string> segment_offered(wire::Uuid /*connection*/,
                                                            FurtherSegment /*segment*/) {
        return tl::unexpected{std::string{"the port reads nobody's memory"}};
    }
    virtual void segment_withdrawn(wire::Uuid /*connection*/, wire::Uuid /*segment*/) {}
    virtual void segments_left(wire::Uuid /*connection*/, const std::vector<wire::Uuid>& /*segments*/) {}
};

}  // namespace ipc::control
