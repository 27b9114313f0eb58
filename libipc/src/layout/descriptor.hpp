// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace ipc::layout {

// What a slot says about its sample, packed into one word. A reader of a peer's word checks every field.
struct Descriptor {
    std::uint32_t offset = 0;  // of the block in its segment, in units of layout::Sample::unit()
    std::uint16_t ticket = 0;  // under which the receiver returns the chunk
    std::uint8_t segment = 0;  // index of the sender's data segment
    bool in_slot = false;      // the block is in the slot itself: nothing to return

    constexpr std::uint64_t pack() const {
        return std::uint64_t{offset} | std::uint64_t{ticket} << 32 | std::uint64_t{segment} << 48 |
               std::uint64_t{in_slot} << 56;
    }
    static constexpr Descriptor unpack(std::uint64_t word) {
        return {.offset = static_cast<std::uint32_t>(word),
                .ticket = static_cast<std::uint16_t>(word >> 32),
                .segment = static_cast<std::uint8_t>(word >> 48),
                .in_slot = (word >> 56 & 1) != 0};
    }
    friend constexpr bool operator==(const Descriptor&, const Descriptor&) = default;
};

}  // namespace ipc::layout
