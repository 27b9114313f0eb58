// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "record/entries.hpp"
#include "shm/memory_file.hpp"
#include "shm/system_error.hpp"

#include <tl/expected.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>

namespace roudi {

namespace shm = ipc::shm;

// One line.
std::string line_of(const RecordedEntry& entry);

// What a broker told a node, in a memory file that the node can only read: the next broker believes it.
class NodeRecord {
 public:
    static constexpr std::uint64_t smallest = 64 * 1024;
    // What a broker reads of what is presented to it.
    static constexpr std::uint64_t largest = 64 * 1024 * 1024;

    // Of that node; with that text, which fits.
    static tl::expected<NodeRecord, shm::SystemError> create(wire::Uuid node, std::uint64_t capacity,
                                                             const std::string& text);

    bool has_room_for(const std::string& line) const { return line.size() <= capacity_ - used_; }
    // Once this returns, it is there whatever becomes of the broker.
    tl::expected<void, shm::SystemError> append(const std::string& line);
    tl::expected<shm::UniqueFd, shm::SystemError> to_read() const { return file_.reopen_read_only(); }
    std::uint64_t capacity() const { return capacity_; }

 private:
    shm::MemoryFile file_;
    std::uint64_t capacity_ = 0;
    std::uint64_t used_ = 0;
};

// What a record says.
struct RecordContents {
    RecordedNode node;
    std::unordered_map<std::uint64_t, RecordedService> services;
    std::unordered_map<wire::Uuid, RecordedPort> ports;
    std::unordered_map<wire::Uuid, RecordedHistory> histories;         // by publisher
    std::unordered_map<wire::Uuid, RecordedSegment> segments;          // by its own id
    std::map<std::pair<wire::Uuid, wire::Uuid>, RecordedHalf> halves;  // by connection and port

    const RecordedHalf* half(wire::Uuid connection, wire::Uuid port) const {
        const auto found = halves.find({connection, port});
        return found == halves.end() ? nullptr : &found->second;
    }
};

// The error says why it is none. A last line that is not whole was being written when the broker died, and
// its node never heard of what it says.
tl::expected<RecordContents, std::string> read_record(const shm::MemoryFile& file);

}  // namespace roudi
