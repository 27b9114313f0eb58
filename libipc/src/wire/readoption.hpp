// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wire/refusal.hpp"
#include "wire/uuid.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// How a node comes back to a broker that does not know it: roudi/README.md, "Death and restart".
namespace ipc::wire {

// From this protocol on nodes have a record, and can come back.
inline constexpr std::uint32_t readopting_protocol = 2;

// In a hello: this node was there before, and presents what it has. In the welcome: let it.
inline constexpr std::string_view readopts_feature = "readopts";

// Client to broker, in this order; none but the last is answered.

// Descriptors: the node's record, and its counters segment.
struct Readopt {
    static constexpr std::string_view type = "readopt";
};

struct ReadoptService {
    static constexpr std::string_view type = "readopt_service";
    std::uint64_t service = 0;  // its number in the record
    std::uint64_t handles = 0;
};

// Descriptor: its data segment, where it has one.
struct ReadoptPort {
    static constexpr std::string_view type = "readopt_port";
    Uuid port;
    bool has_data = false;
    bool wakes = false;  // it sleeps: its counterparts are given what wakes it
};

struct HalfOfConnection {
    Uuid connection;
    Uuid port;           // whose half: both may be in one session
    bool wakes = false;  // it has the line that wakes its peer
    bool woken = false;  // and the one that wakes its port
};

// Halves that are mapped, as the others are.
struct ReadoptConnections {
    static constexpr std::string_view type = "readopt_connections";
    std::vector<HalfOfConnection> halves;
};

// A half that is mapped; of the other one that is not known. Descriptor: the connection's segment.
struct ReadoptConnection {
    static constexpr std::string_view type = "readopt_connection";
    HalfOfConnection half;
};

// That was all. Answered by Readopted.
struct ReadoptDone {
    static constexpr std::string_view type = "readopt_done";
};

// The process at the other end of a half that waits for it is dead. Not answered.
struct PeerGone {
    static constexpr std::string_view type = "peer_gone";
    HalfOfConnection half;
};

// Broker to client.

struct ServiceReadopted {
    static constexpr std::string_view type = "service_readopted";
    std::uint64_t recorded = 0;  // its number so far
    std::uint64_t service = 0;   // and from now on
};

// A claim that is not granted: of a service, or of a port.
struct NotReadopted {
    static constexpr std::string_view type = "not_readopted";
    std::optional<std::uint64_t> service;  // its number in the record
    std::optional<Uuid> port;
    Refusal code = Refusal::InternalFailure;
    std::string message;
};

// Answers ReadoptDone. Descriptor: the node's record from now on, to read.
struct Readopted {
    static constexpr std::string_view type = "readopted";
};

// The node's record was full. Descriptor: the one that it has from now on, to read.
struct RecordRenewed {
    static constexpr std::string_view type = "record_renewed";
};

}  // namespace ipc::wire
