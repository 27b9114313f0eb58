// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "record/record.hpp"
#include "registry/endings.hpp"
#include "registry/identity.hpp"
#include "registry/ledger.hpp"
#include "registry/record_numbers.hpp"
#include "registry/wake_line.hpp"
#include "shm/mapping.hpp"
#include "shm/memory_file.hpp"
#include "shm/unique_fd.hpp"
#include "wire/messages.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

// What the registry knows. Serial numbers count up in the order of creation: they are the keys of ordered
// maps, so that lists of status can be continued, and cost nothing to compare.
namespace roudi {

class Client;
struct Service;
struct Port;
struct Connection;

// A node that comes back has not said everything yet.
struct Readoption {
    bool begun = false;  // its record is there
    RecordContents recorded;
    std::unordered_map<std::uint64_t, Service*> services;  // that it has again, by their recorded numbers
    std::unordered_map<wire::Uuid, shm::MemoryFile> history_segments;  // of histories that it presents next
};

struct Node {
    std::uint64_t serial = 0;
    wire::Uuid id;
    Client* client = nullptr;
    Identity identity;
    wire::Hello hello;
    std::shared_ptr<Account> account;
    Charge charge;
    RecordNumbers records;
    shm::MemoryFile counters;  // empty for an observer
    bool counters_sealed = false;
    std::uint32_t protocol = 0;
    std::optional<NodeRecord> record;  // from readopting_protocol on, and of no observer
    Charge record_charge;
    std::unique_ptr<Readoption> readoption;  // until it is over
    std::set<wire::Uuid> refused_ports;      // in it: their node may not have heard of it yet
    shm::Mapping counters_view;              // made when status first asks
    std::map<std::uint64_t, Port*> ports;
    std::map<std::uint64_t, Service*> services;
};

// A data segment that a port has got since its first one.
struct FurtherSegment {
    wire::DataSegment details;
    shm::MemoryFile data;  // kept for receivers that come later
    bool sealed = false;
    Charge charge;
};

// What a publisher that is gone published last.
struct KeptHistory {
    wire::Uuid publisher;
    Identity owner;
    std::uint64_t data_size = 0;
    shm::MemoryFile data;
    Charge charge;  // to its owner
    std::vector<FurtherSegment> further;
    Endings::Ending ending;  // where its service says for how long
};

struct Service {
    std::uint64_t id = 0;
    std::string name;
    std::string hash;
    wire::ServiceSettings settings;
    std::vector<wire::Attribute> attributes;
    struct Creator {
        Identity identity;
        wire::Uuid node;
        std::string node_name;
    } creator;
    Charge charge;  // to its creator, for as long as the service lives

    struct Member {
        Node* node = nullptr;
        std::uint64_t handles = 0;  // opened and not yet closed
        std::uint64_t ports = 0;
    };
    std::map<std::uint64_t, Member> members;                             // by the node's serial number
    std::array<std::map<std::uint64_t, Port*>, wire::port_kinds> ports;  // by kind

    std::deque<KeptHistory> kept;  // of a latched service, oldest first

    // Ports that nobody has claimed yet, but which others have connections with: how many. They count where
    // ports are counted.
    std::array<std::map<wire::Uuid, std::size_t>, wire::port_kinds> awaited;

    std::map<std::uint64_t, Port*>& ports_of(wire::PortKind kind) {
        return ports[static_cast<std::size_t>(kind)];
    }
    const std::map<std::uint64_t, Port*>& ports_of(wire::PortKind kind) const {
        return ports[static_cast<std::size_t>(kind)];
    }
    std::map<wire::Uuid, std::size_t>& awaited_of(wire::PortKind kind) {
        return awaited[static_cast<std::size_t>(kind)];
    }
    const std::map<wire::Uuid, std::size_t>& awaited_of(wire::PortKind kind) const {
        return awaited[static_cast<std::size_t>(kind)];
    }
};

struct Port {
    std::uint64_t serial = 0;
    wire::Uuid id;
    wire::PortSettings settings;  // as granted
    std::string name;
    Node* node = nullptr;
    Service* service = nullptr;
    Record record;
    Charge charge;
    shm::MemoryFile data;         // kept for receivers that come later
    std::uint64_t data_size = 0;  // 0: it has none
    bool data_sealed = false;
    std::map<std::uint32_t, FurtherSegment> further;  // by number
    bool growth_refused = false;                      // the last time it asked
    bool wakes = false;                               // it sleeps: each counterpart has a line that wakes it
    bool readopted = false;                           // it is older than this broker
    // Connections that its creation waits for, by their other ports: made once those ports' nodes are through
    // with their claims.
    std::map<wire::Uuid, wire::Uuid> promised;
    std::map<std::uint64_t, Connection*> connections;
    std::size_t waiting_halves = 0;

    wire::PortKind kind() const { return wire::kind_of(settings); }
    // Nobody but its owner can write what its counterparts read.
    bool sealed() const { return data_size == 0 || data_sealed; }
};

// What one half of a new connection is sent.
struct Offer {
    wire::ConnectionOffered details;
    std::vector<shm::UniqueFd> descriptors;
    Charge charge;  // of the descriptors, where they have to wait here
};

struct Connection {
    struct Half {
        Port* port = nullptr;
        Record record;
        std::optional<Offer> offer;          // until it is sent, which is once the other port is sealed
        std::optional<WakeLine> wakes_peer;  // until it is sent, which is once both halves were offered
        bool mapped = false;
        bool peer_is_new = false;
        std::optional<std::chrono::steady_clock::time_point> offered_at{};
        // Further segments of the other port that this half was given: whether it has them, or will before it
        // receives anything.
        std::map<wire::Uuid, bool> given{};
    };
    std::uint64_t serial = 0;
    wire::Uuid id;
    wire::ConnectionSettings settings;
    Half sender;
    Half receiver;
    Charge charge;             // to whoever came second
    shm::MemoryFile segment;   // until both halves have mapped it
    Charge descriptor_charge;  // likewise

    std::uint64_t segment_size = 0;

    Half& other(const Port& port) { return sender.port == &port ? receiver : sender; }
    const Half& other(const Port& port) const { return sender.port == &port ? receiver : sender; }
};

// A half that was claimed, and whose other half was not yet.
struct WaitingHalf {
    RecordedHalf recorded;
    Port* port = nullptr;
    Record record;
    bool wakes = false;  // it has a line that wakes its peer
    bool woken = false;  // and one that wakes it
    wire::PortKind peer_kind{};
    shm::MemoryFile segment;  // where the other half may never have got it
    Charge charge;            // with the segment's descriptor
};

}  // namespace roudi
