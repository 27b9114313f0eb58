// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wire/messages.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// What a node's record says, one line each: what the broker told it, with what a new broker has to know.
namespace roudi {

namespace wire = ipc::wire;

// The first line.
struct RecordedNode {
    static constexpr std::string_view type = "node";
    std::uint32_t format = 1;
    wire::Uuid node;
    std::uint64_t uid = 0;
    std::uint64_t restarts = 0;  // of the broker, before it wrote this
};

struct RecordedService {
    static constexpr std::string_view type = "service";
    std::uint64_t service = 0;  // the number that its handles in this node go by
    std::string name;
    wire::ServiceSettings settings;
    std::vector<wire::Attribute> attributes;
    std::uint64_t creator_pid = 0;
    std::uint64_t creator_uid = 0;
    std::uint64_t creator_gid = 0;
    wire::Uuid creator_node;
    std::string creator_name;
};

struct RecordedPort {
    static constexpr std::string_view type = "port";
    wire::Uuid port;
    std::uint64_t service = 0;
    std::string name;
    wire::PortSettings settings;  // as granted
    std::uint32_t record = 0;
    std::uint64_t data_size = 0;
};

// A further data segment of a port.
struct RecordedSegment {
    static constexpr std::string_view type = "segment";
    wire::Uuid port;
    wire::Uuid segment;
    std::uint32_t number = 0;
    std::uint64_t size = 0;
};

// A half of a connection.
struct RecordedHalf {
    static constexpr std::string_view type = "half";
    wire::Uuid connection;
    wire::Uuid port;
    wire::Uuid peer_port;
    wire::Uuid peer_node;
    bool sending = false;
    bool peer_is_new = false;
    wire::ConnectionSettings settings;
    std::uint64_t segment_size = 0;
    std::uint32_t record = 0;
};

// What a publisher that is gone left, and this node keeps.
struct RecordedHistory {
    static constexpr std::string_view type = "history";
    wire::Uuid publisher;
    std::uint64_t service = 0;
    std::uint64_t data_size = 0;
    std::uint64_t owner_pid = 0;
    std::uint64_t owner_uid = 0;
    std::uint64_t owner_gid = 0;
    std::vector<wire::DataSegment> segments;  // further ones
    std::optional<std::uint64_t> ends_ns;     // by the steady clock
};

using RecordedEntry =
    std::variant<RecordedNode, RecordedService, RecordedPort, RecordedHalf, RecordedHistory, RecordedSegment>;

template <class V>
void fields(V& v, RecordedNode& m) {
    v("format", m.format), v("node", m.node), v("uid", m.uid), v("restarts", m.restarts);
}

template <class V>
void fields(V& v, RecordedService& m) {
    v("service", m.service), v("name", m.name), v.one_of(m.settings);
    v("attributes", m.attributes), v("creator_pid", m.creator_pid), v("creator_uid", m.creator_uid),
        v("creator_gid", m.creator_gid);
    v("creator_node", m.creator_node), v("creator_name", m.creator_name);
}

template <class V>
void fields(V& v, RecordedPort& m) {
    v("port", m.port), v("service", m.service), v("name", m.name), v.one_of(m.settings);
    v("record", m.record), v("data_size", m.data_size);
}

template <class V>
void fields(V& v, RecordedHistory& m) {
    v("publisher", m.publisher), v("service", m.service), v("data_size", m.data_size);
    v("owner_pid", m.owner_pid), v("owner_uid", m.owner_uid), v("owner_gid", m.owner_gid);
    v("segments", m.segments), v("ends_ns", m.ends_ns);
}

template <class V>
void fields(V& v, RecordedSegment& m) {
    v("port", m.port), v("segment", m.segment), v("number", m.number), v("size", m.size);
}

template <class V>
void fields(V& v, RecordedHalf& m) {
    v("connection", m.connection), v("port", m.port), v("peer_port", m.peer_port);
    v("peer_node", m.peer_node), v("sending", m.sending), v("peer_is_new", m.peer_is_new);
    v.one_of(m.settings), v("segment_size", m.segment_size), v("record", m.record);
}

}  // namespace roudi
