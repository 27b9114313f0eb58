// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "layout/connection.hpp"
#include "ring/atomics.hpp"
#include "ring/delivery_receiver.hpp"
#include "ring/delivery_sender.hpp"
#include "segment.hpp"

#include <cstdint>
#include <vector>

namespace ring_tests {

using Sender = ipc::ring::DeliverySender<ipc::ring::StdAtomics>;
using Receiver = ipc::ring::DeliveryReceiver<ipc::ring::StdAtomics>;
using Room = Sender::Room;
using Eviction = Sender::Eviction;
using Outcome = Receiver::Outcome;
using ipc::layout::Connection;
using ipc::ring::ChunkId;
using ipc::ring::Slot;
using ipc::ring::Taken;

struct Ring {
    Connection connection;
    Segment segment{connection.size};
    Sender sender{segment.data(), connection};
    Receiver receiver{segment.data(), connection};
    std::vector<ChunkId> returned;
    std::uint64_t sequence = 0;

    Ring(std::uint64_t buffer, std::uint64_t borrowed, std::uint64_t slot = 64)
        : connection(ipc::layout::connection(buffer, borrowed, slot)) {}

    auto give_back() {
        return [this](ChunkId chunk) { returned.push_back(chunk); };
    }
    // False: full, or no ticket.
    bool send(ChunkId chunk) {
        if (sender.room() != Room::available || !sender.ticket_ready(give_back())) return false;
        sender.publish_by_reference(++sequence, 0, chunk * 2, chunk);
        return true;
    }
    Outcome take(Taken& sample) { return receiver.try_take(sample, nullptr, 0); }
    Outcome take() {
        Taken sample;
        return take(sample);
    }
    auto slot(std::uint64_t position) {
        return connection.slots + (position & (connection.slot_count - 1)) * connection.slot_size;
    }
};

}  // namespace ring_tests
