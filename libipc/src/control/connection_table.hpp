// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/poll_set.hpp"
#include "control/port_link.hpp"
#include "control/wake_set.hpp"
#include "wire/codec.hpp"

#include <tl/expected.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace ipc::control {

// A node's ports, their connections, and the processes at the other ends. Tells the ports what happens to
// their connections, one thing at a time.
class ConnectionTable {
 public:
    struct Membarrier {
        bool registered = false;
        bool available = false;
    };

    // Tokens in `poll_set` from `first_token` on are the table's.
    ConnectionTable(PollSet& poll_set, std::uint64_t first_token, Membarrier own)
        : poll_set_{poll_set}, next_token_{first_token}, own_membarrier_{own} {}

    // While it lives nothing here changes, and no link is called on another thread.
    [[nodiscard]] std::unique_lock<std::recursive_mutex> hold() const { return std::unique_lock{mutex_}; }

    // With its data segment, if it has one.
    void add_port(wire::Uuid port, std::weak_ptr<PortLink> link, shm::UniqueFd data);
    // What it sleeps on; made when it is asked for first.
    tl::expected<std::shared_ptr<WakeSet>, shm::SystemError> wake_set(wire::Uuid port);
    // The broker knows that the port sleeps, and gives its counterparts what wakes it.
    void wakes(wire::Uuid port);
    // Waits for a call of its link to return, unless it is made from there. Gives its connections.
    struct Removed {
        std::vector<wire::Uuid> connections;
        bool is_known = false;  // the broker knows of the port
    };
    Removed remove_port(wire::Uuid port);
    // A further data segment of a port; nothing where there is no such port. Nobody has it yet.
    bool add_segment(wire::Uuid port, const wire::DataSegment& segment, shm::UniqueFd data);
    void remove_segment(wire::Uuid port, wire::Uuid segment);
    // Of the connections that were offered it: those that will take it soon, as far as is known. One that was
    // waited for in vain is not waited for again before it has taken something.
    std::vector<wire::Uuid> expect_takers(wire::Uuid port, const std::vector<wire::Uuid>& offered);
    void waited_in_vain_for(wire::Uuid port, const std::vector<wire::Uuid>& connections);
    void segment_ready(wire::Uuid connection, wire::Uuid port, wire::Uuid segment);
    // True: it is mapped, and the sender is told. The error says why this half cannot be used any more.
    tl::expected<bool, std::string> segment_offered(wire::Uuid connection, wire::Uuid port,
                                                    FurtherSegment segment);
    void segment_withdrawn(wire::Uuid connection, wire::Uuid port, wire::Uuid segment);
    void segments_left(wire::Uuid connection, wire::Uuid port, const std::vector<wire::Uuid>& segments);

    // A broker to which the node came back does not take this port.
    void not_readopted(wire::Uuid port);
    bool is_known(wire::Uuid port) const;

    // The error says why this half cannot be used.
    tl::expected<void, std::string> offered(wire::ConnectionOffered offer,
                                            std::vector<shm::UniqueFd> descriptors);
    // `port`: whose half. Both halves of a connection may be this node's.
    void removed(wire::Uuid connection, wire::Uuid port, wire::RemovalReason reason);
    void wake_offered(wire::Uuid connection, wire::Uuid port, shm::UniqueFd handle);
    // The error says why the port is not woken by its peer.
    tl::expected<void, std::string> wake_expected(wire::Uuid connection, wire::Uuid port, shm::UniqueFd line);

    // The other half is mapped, too.
    void ready(wire::Uuid connection, wire::Uuid port);

    // Of an event of the poll set: that process is dead. Gives what was connected with it, and has ended.
    struct Ended {
        wire::HalfOfConnection half;
        bool waits = false;  // a broker to which the node came back waits for the other half
    };
    std::vector<Ended> peer_died(std::uint64_t token);

    // What a node presents when it comes back: duplicates of the descriptors that it keeps. Nothing where
    // there are none left. Each half waits for its other one from now on, but those that were cut, which end.
    struct PresentedSegment {
        wire::Uuid segment;
        shm::UniqueFd data;
    };
    struct PresentedPort {
        wire::Uuid port;
        shm::UniqueFd data;
        bool wakes = false;
        std::vector<PresentedSegment> further;
    };
    struct PresentedHalf {
        wire::HalfOfConnection half;
        shm::UniqueFd segment;  // where the other half is not known to have it
    };
    struct Presented {
        std::vector<PresentedPort> ports;
        std::vector<PresentedHalf> halves;
    };
    std::optional<Presented> present(const std::unordered_set<wire::Uuid>& cut);

    // In a forked child, where the poll set is still the parent's: closes the copies, touches nothing else.
    // Nothing where a thread that stayed in the parent was changing this table at the fork: what it left half
    // done can be neither read nor mended, and its copies stay open.
    void close_descriptors();

 private:
    struct Half {
        wire::Uuid connection;
        wire::Uuid port;
        friend bool operator==(const Half&, const Half&) = default;
    };
    struct HashOfHalf {
        std::size_t operator()(const Half& half) const noexcept {
            return static_cast<std::size_t>(half.connection.low ^ half.port.low);
        }
    };
    struct Peer {
        shm::UniqueFd pidfd;
        wire::Uuid node;
        std::unordered_set<Half, HashOfHalf> halves;
    };

    struct Segment {
        std::uint32_t number = 0;
        shm::UniqueFd data;
    };
    struct Port {
        std::weak_ptr<PortLink> link;
        shm::UniqueFd data;
        std::unordered_map<wire::Uuid, Segment> further;
        std::shared_ptr<WakeSet> wake_set;
        bool wakes = false;  // as far as the broker knows
        bool is_known = true;
    };
    struct HeldHalf {
        std::uint64_t peer = 0;  // token
        shm::UniqueFd segment;   // until it is ready
        bool wakes = false;      // it was given the line that wakes its peer
        bool waits = false;
        bool lags = false;  // behind the port's segments
    };

    tl::expected<std::uint64_t, std::string> watch(wire::Uuid node, shm::UniqueFd pidfd);
    void release(std::uint64_t peer, const Half& half);
    void end(const Half& half, wire::RemovalReason reason);
    bool is_woken(const Half& half) const;
    std::shared_ptr<PortLink> link_of(wire::Uuid port) const;
    std::shared_ptr<PortLink> link_of(const Half& half) const;
    std::optional<std::vector<PresentedSegment>> present_further(const Port& port) const;

    PollSet& poll_set_;
    std::uint64_t next_token_;
    Membarrier own_membarrier_;

    // Held while a link is called. Recursive: what a link does may end a port of this node.
    mutable std::recursive_mutex mutex_;
    std::unordered_map<wire::Uuid, Port> ports_;
    std::unordered_map<Half, HeldHalf, HashOfHalf> halves_;
    std::unordered_map<std::uint64_t, Peer> peers_;
    std::unordered_map<wire::Uuid, std::uint64_t> peer_of_node_;
};

}  // namespace ipc::control
