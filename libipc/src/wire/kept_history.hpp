// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wire/growth.hpp"
#include "wire/uuid.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// What publishers of latched services leave to subscribers that come later: roudi/README.md, "Latched
// services".
namespace ipc::wire {

// Broker to client, which has the service open and may receive in it: this publisher is gone, and what it
// published last is kept. Descriptors: its data segments, read-only: the first, and then the further ones.
struct HistoryKept {
    static constexpr std::string_view type = "history_kept";
    std::string service;  // its name
    Uuid publisher;
    std::uint64_t data_size = 0;  // of the first
    std::vector<DataSegment> segments;
};

// No longer, or no longer by this node.
struct HistoryDropped {
    static constexpr std::string_view type = "history_dropped";
    Uuid publisher;
};

// Client to broker, when it comes back, behind its services: it keeps this. Not answered; HistoryDropped
// where the broker does not want it. Descriptor: its first data segment. Each of the further ones comes
// before.
struct ReadoptHistorySegment {
    static constexpr std::string_view type = "readopt_history_segment";
    Uuid publisher;
    Uuid segment;
};
struct ReadoptHistory {
    static constexpr std::string_view type = "readopt_history";
    Uuid publisher;
};

}  // namespace ipc::wire
