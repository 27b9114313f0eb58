// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "layout/connection.hpp"
#include "ring/block_copy.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>

namespace ipc::ring {

// What lies where in a slot.
struct Slot {
    static constexpr std::uint64_t publication = 0;  // position + 1, stored last
    static constexpr std::uint64_t sequence = 8;
    static constexpr std::uint64_t descriptor = 16;               // layout::Descriptor
    static constexpr std::uint64_t block = block_offset_in_slot;  // room for a block that needs no chunk
    static constexpr std::uint64_t elements = block;              // of a slice that is in a chunk: how many
};

// Positions count deliveries, sequence numbers count samples. One that gets here was made up.
inline constexpr std::uint64_t counting_bound = std::uint64_t{1} << 63;

// Where the slot of a position begins.
class SlotTable {
 public:
    explicit SlotTable(const layout::Connection& connection)
        : first_(static_cast<std::uint32_t>(connection.slots)),
          mask_(static_cast<std::uint32_t>(connection.slot_count - 1)),
          shift_(static_cast<std::uint32_t>(std::countr_zero(connection.slot_size))),
          block_words_(
              static_cast<std::uint32_t>((connection.slot_size - Slot::block) / sizeof(std::uint64_t))) {}

    std::uint64_t offset(std::uint64_t position) const {
        return first_ + (std::uint64_t{index(position)} << shift_);
    }
    std::size_t index(std::uint64_t position) const { return static_cast<std::size_t>(position & mask_); }
    std::uint64_t count() const { return std::uint64_t{mask_} + 1; }
    std::uint64_t size() const { return std::uint64_t{1} << shift_; }
    std::size_t block_words() const { return block_words_; }

 private:
    // As narrow as the limits of a connection allow (layout/limits.hpp), for they lie in the hottest lines.
    std::uint32_t first_;
    std::uint32_t mask_;
    std::uint32_t shift_;
    std::uint32_t block_words_;  // for which a slot has room
};

}  // namespace ipc::ring
