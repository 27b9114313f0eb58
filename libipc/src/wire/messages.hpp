// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wire/attributes.hpp"
#include "wire/growth.hpp"
#include "wire/kept_history.hpp"
#include "wire/patterns.hpp"
#include "wire/readoption.hpp"
#include "wire/refusal.hpp"
#include "wire/uuid.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ipc::wire {

// Lowest and highest protocol this code speaks. A broker speaks the last two.
inline constexpr std::uint32_t lowest_protocol = 1;
inline constexpr std::uint32_t highest_protocol = 2;

// JSON that passes through without being looked at.
struct RawJson {
    std::string text = "{}";
};

// Client to broker. Each is answered (by a message with the same request number, or by Refused) unless it
// says that it is not.

// The first frame of a session. `observer`: asks questions and has no ports, so no counters.
struct Hello {
    static constexpr std::string_view type = "hello";
    std::uint32_t lowest_protocol = wire::lowest_protocol;
    std::uint32_t highest_protocol = wire::highest_protocol;
    std::vector<std::string> features;
    std::string library_version;
    std::string node_name;
    bool observer = false;
    bool membarrier_registered = false;  // shm::register_for_membarrier succeeded
    bool membarrier_available = false;   // shm::membarrier_is_available
};

// The counters segment is mapped and can be sealed. Not answered.
struct CountersMapped {
    static constexpr std::string_view type = "counters_mapped";
};

enum class OpenMode : std::uint8_t { Create, Open, OpenOrCreate };

struct OpenService {
    static constexpr std::string_view type = "open_service";
    std::string name;
    OpenMode mode = OpenMode::OpenOrCreate;
    ServiceRequest request;  // what a created service becomes, and what an existing one must offer
    std::optional<AskedAttributes> attributes;  // likewise
};

// A node's last handle to the service is gone. Not answered.
struct CloseService {
    static constexpr std::string_view type = "close_service";
    std::uint64_t service = 0;
};

// Answered by PortCreated, behind which all its ConnectionOffered come.
struct CreatePort {
    static constexpr std::string_view type = "create_port";
    std::uint64_t service = 0;
    std::string name;
    PortSettings settings;  // which of them says what kind of port it is
};

// The port's data segment is mapped and can be sealed: before that nobody else is given it. Not answered.
struct DataMapped {
    static constexpr std::string_view type = "data_mapped";
    Uuid port;
};

// Not answered.
struct DropPort {
    static constexpr std::string_view type = "drop_port";
    Uuid port;
};

// This half is mapped and with its port. Not answered.
struct ConnectionMapped {
    static constexpr std::string_view type = "connection_mapped";
    Uuid connection;
};

// This half was cut by its port, because the peer broke the protocol of the data plane, or could not be
// mapped. Not answered; the other half is told to end.
struct ConnectionCut {
    static constexpr std::string_view type = "connection_cut";
    Uuid connection;
    std::string detail;
};

// The port wants to sleep: every counterpart, and every one that comes later, is offered a line that wakes
// it; then WakeHandle answers.
struct RequestWakeHandle {
    static constexpr std::string_view type = "request_wake_handle";
    Uuid port;
};

// A question for status: `what` is status, services, service, nodes, node, ports or config; `argument` names
// one; `cursor` goes on where a long answer stopped.
struct Query {
    static constexpr std::string_view type = "query";
    std::string what;
    std::string argument;
    std::uint64_t cursor = 0;
};

// The node ends in good order. Not answered: what follows is the end of the stream.
struct Goodbye {
    static constexpr std::string_view type = "goodbye";
};

using ClientMessage =
    std::variant<Hello, CountersMapped, OpenService, CloseService, CreatePort, DataMapped, DropPort,
                 ConnectionMapped, ConnectionCut, RequestWakeHandle, Query, Goodbye, Readopt, ReadoptService,
                 ReadoptPort, ReadoptConnections, ReadoptConnection, ReadoptHistory, ReadoptDone, PeerGone,
                 GrowPort, SegmentMapped, ShrinkPort, SegmentTaken, ReadoptSegment, ReadoptHistorySegment>;

// Broker to client. Those with a request number answer; the others announce.

// Answers Hello. Descriptors, unless it is an observer or a node that comes back: the counters segment,
// writable; and, from protocol 2 on, the node's record, to read.
struct Welcome {
    static constexpr std::string_view type = "welcome";
    std::uint32_t protocol = 0;
    std::vector<std::string> features;
    std::string broker_version;
    std::uint64_t broker_pid = 0;
    std::uint64_t broker_uid = 0;
    Uuid node;
};

// Answers OpenService.
struct ServiceOpened {
    static constexpr std::string_view type = "service_opened";
    std::uint64_t service = 0;
    bool created = false;
    std::string hash;
    ServiceSettings settings;
    std::vector<Attribute> attributes;
};

// Answers CreatePort; the port is built before anything is read that comes behind it. Descriptor, where there
// is a data segment: that, writable.
struct PortCreated {
    static constexpr std::string_view type = "port_created";
    Uuid port;
    std::uint32_t record = 0;       // of the node's counters
    std::uint64_t buffer_size = 0;  // of a subscriber
    std::uint64_t data_size = 0;    // of its data segment; 0 for none
    // With counterparts that were there; ConnectionReady or ConnectionRemoved follows for each.
    std::vector<Uuid> connections;
};

// One half of a new connection; once the other port's data segment, if it has one, is sealed. Descriptors:
// the connection segment, writable; the other process's pidfd; and the other port's data segments, if it has
// any, read-only: the first, and then the further ones.
struct ConnectionOffered {
    static constexpr std::string_view type = "connection_offered";
    Uuid connection;
    Uuid port;  // the addressee's
    Uuid peer_port;
    Uuid peer_node;
    std::uint64_t peer_pid = 0;
    bool sending = false;      // which half this is
    bool peer_is_new = false;  // the peer came second: the addressee was there already
    ConnectionSettings settings;
    std::uint32_t record = 0;  // of the addressee's counters, for this half
    bool peer_membarrier_registered = false;
    bool peer_membarrier_available = false;
    std::vector<std::uint64_t> data_sizes;  // of the other port's first data segment, if it has one
    std::vector<DataSegment> segments;      // its further ones
    std::vector<Uuid> taken;  // of the addressee's own further ones: those that the other half has, or will
                              // have before it receives anything
};

// The other half is mapped and with its port: what is sent from now on is received.
struct ConnectionReady {
    static constexpr std::string_view type = "connection_ready";
    Uuid connection;
    Uuid port;  // the addressee's: both halves may be in one session
};

enum class RemovalReason : std::uint8_t { PeerDropped, PeerDied, Cut };

struct ConnectionRemoved {
    static constexpr std::string_view type = "connection_removed";
    Uuid connection;
    Uuid port;  // the addressee's
    RemovalReason reason = RemovalReason::PeerDropped;
};

// Answers RequestWakeHandle; the lines of the connections that there are came before it.
struct WakeHandle {
    static constexpr std::string_view type = "wake_handle";
    Uuid port;
};

// The peer of this connection may sleep now. Descriptor: the end of a line, a shut socket, that wakes it when
// it is shut once more. In place of one that was offered before.
struct WakeOffered {
    static constexpr std::string_view type = "wake_offered";
    Uuid connection;
    Uuid port;  // the addressee's, which may wake its peer now
};

// The other end of that line.
struct WakeExpected {
    static constexpr std::string_view type = "wake_expected";
    Uuid connection;
    Uuid port;  // the addressee's, which its peer may wake now
};

// Answers Query.
struct Answer {
    static constexpr std::string_view type = "answer";
    RawJson body;
    std::optional<std::uint64_t> more;  // cursor of the rest, if there is any
};

// Answers any request that cannot be granted. `message` is a sentence that names both sides.
struct Refused {
    static constexpr std::string_view type = "refused";
    Refusal code = Refusal::InternalFailure;
    std::string message;
};

// The broker ends the session, and why.
struct Closing {
    static constexpr std::string_view type = "closing";
    std::string reason;
};

using BrokerMessage =
    std::variant<Welcome, ServiceOpened, PortCreated, ConnectionOffered, ConnectionReady, ConnectionRemoved,
                 WakeHandle, WakeOffered, Answer, Refused, Closing, ServiceReadopted, NotReadopted, Readopted,
                 RecordRenewed, WakeExpected, HistoryKept, HistoryDropped, PortGrown, SegmentSealed,
                 SegmentOffered, SegmentReady, SegmentWithdrawn, SegmentsLeft>;

}  // namespace ipc::wire
