// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "alignment.hpp"

#include <bit>
#include <cstdint>

namespace ipc::layout {

// One (sender, receiver) pair's segment: words of the two sides, return flags, slots. Every group of words
// that one side polls or writes has lines of its own.
struct Connection {
    static constexpr std::uint64_t hold = 0;                        // receiver
    static constexpr std::uint64_t receiver_wake = 1 * separation;  // receiver: its wake generation
    // Receiver: of streams up to this number it will take nothing more. A ring that is not a lane is
    // stream 1.
    static constexpr std::uint64_t receiver_closed = 1 * separation + 8;
    static constexpr std::uint64_t disconnect_hint = 1 * separation + 16;  // receiver: likewise, a wish
    static constexpr std::uint64_t sender_wake =
        2 * separation;  // sender: its wake generation, when it blocks
    static constexpr std::uint64_t first_live = 3 * separation;  // sender: first live sequence number, or 0
    static constexpr std::uint64_t receiver_handle_known =
        3 * separation + 8;                                               // sender: it can wake the receiver
    static constexpr std::uint64_t end_position = 3 * separation + 16;    // sender: where its stream ended
    static constexpr std::uint64_t ended_stream = 3 * separation + 24;    // sender: which one that was
    static constexpr std::uint64_t sender_handle_known = 4 * separation;  // receiver: it can wake the sender
    // What the receiver writes for each sample, and the sender looks at when it runs low. The flags of few
    // deliveries share the position's line, so that each side fetches one line for both.
    static constexpr std::uint64_t read_position = 5 * separation;  // receiver; the sender too, on overflow
    static constexpr std::uint64_t flags = read_position + 8;       // receiver: a word a ticket

    std::uint64_t buffer_size = 0;   // samples that may wait in the ring
    std::uint64_t slot_count = 0;    // buffer_size, rounded up to a power of two
    std::uint64_t slot_size = 0;     // one cache line or two
    std::uint64_t ticket_count = 0;  // buffer_size + what the receiver may hold
    std::uint64_t slots = 0;         // offset
    std::uint64_t size = 0;
};

constexpr Connection connection(std::uint64_t buffer_size, std::uint64_t max_borrowed,
                                std::uint64_t slot_size) {
    Connection result;
    result.buffer_size = buffer_size;
    result.slot_count = std::bit_ceil(buffer_size);
    result.slot_size = slot_size;
    result.ticket_count = buffer_size + max_borrowed;
    result.slots = round_up(Connection::flags + result.ticket_count * sizeof(std::uint64_t), separation);
    result.size = result.slots + result.slot_count * slot_size;
    return result;
}

}  // namespace ipc::layout
