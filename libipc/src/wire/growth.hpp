// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wire/uuid.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

// Further data segments of a sending port: roudi/README.md, "Growth".
namespace ipc::wire {

// What a port does where a loan is longer than its first segment's chunks.
enum class Allocation : std::uint8_t { Static, BestFit, PowerOfTwo };

// One that a receiver is given.
struct DataSegment {
    Uuid id;
    std::uint32_t number = 0;  // as descriptors say it
    std::uint64_t size = 0;
};

// Client to broker.

// The port needs a further segment, and gives it that number, which no other one of its has. Answered by
// PortGrown.
struct GrowPort {
    static constexpr std::string_view type = "grow_port";
    Uuid port;
    std::uint32_t number = 0;
    std::uint64_t size = 0;
};

// It is mapped and can be sealed: before that nobody else is given it. Answered by SegmentSealed.
struct SegmentMapped {
    static constexpr std::string_view type = "segment_mapped";
    Uuid port;
    Uuid segment;
};

// The port has no use for it any more: nothing in it is with anybody. Not answered.
struct ShrinkPort {
    static constexpr std::string_view type = "shrink_port";
    Uuid port;
    Uuid segment;
};

// A segment that was offered is mapped. Not answered.
struct SegmentTaken {
    static constexpr std::string_view type = "segment_taken";
    Uuid connection;
    Uuid port;  // whose half: both may be in one session
    Uuid segment;
};

// Of a node that comes back, behind its port. Descriptor: the segment.
struct ReadoptSegment {
    static constexpr std::string_view type = "readopt_segment";
    Uuid port;
    Uuid segment;
};

// Broker to client.

// Answers GrowPort. Descriptor: the segment, writable.
struct PortGrown {
    static constexpr std::string_view type = "port_grown";
    Uuid port;
    Uuid segment;
};

// Answers SegmentMapped: these connections' other halves were offered it, and SegmentReady or
// ConnectionRemoved follows for each. Connections that come later have it from the beginning.
struct SegmentSealed {
    static constexpr std::string_view type = "segment_sealed";
    Uuid segment;
    std::vector<Uuid> connections;
};

// A further segment of the sender at the other end. Descriptor: that, to read. One that the half has already
// is offered again where the broker does not know.
struct SegmentOffered {
    static constexpr std::string_view type = "segment_offered";
    Uuid connection;
    Uuid port;  // the addressee's
    DataSegment segment;
};

// The other half has mapped it: what is sent in it from now on is received.
struct SegmentReady {
    static constexpr std::string_view type = "segment_ready";
    Uuid connection;
    Uuid port;  // the addressee's, whose segment it is
    Uuid segment;
};

// The sender has given it back.
struct SegmentWithdrawn {
    static constexpr std::string_view type = "segment_withdrawn";
    Uuid connection;
    Uuid port;  // the addressee's
    Uuid segment;
};

// After the broker's restart: the sender has these, and has given back all others.
struct SegmentsLeft {
    static constexpr std::string_view type = "segments_left";
    Uuid connection;
    Uuid port;  // the addressee's
    std::vector<Uuid> segments;
};

}  // namespace ipc::wire
