// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../src/payload.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>

namespace bench {

// Payload::write and Payload::check for a size that is known at run time only: a small payload whole, of a
// large one the first and the last byte.
inline void write_payload(std::span<std::byte> bytes, std::uint64_t value) {
    if (bytes.size() > room_in_slot) {
        bytes.front() = bytes.back() = static_cast<std::byte>(value);
        return;
    }
    for (std::size_t i = 0; i + 8 <= bytes.size(); i += 8) std::memcpy(&bytes[i], &value, 8);
}

inline void check_payload(std::span<const std::byte> bytes, std::uint64_t value) {
    bool right = true;
    if (bytes.size() > room_in_slot)
        right =
            bytes.front() == static_cast<std::byte>(value) && bytes.back() == static_cast<std::byte>(value);
    else
        for (std::size_t i = 0; i + 8 <= bytes.size(); i += 8)
            right &= std::memcmp(&bytes[i], &value, 8) == 0;
    if (!right) throw std::runtime_error{"a payload arrived that nobody sent"};
}

inline std::span<std::byte> bytes_at(void* memory, std::size_t size) {
    return {static_cast<std::byte*>(memory), size};
}
inline std::span<const std::byte> bytes_at(const void* memory, std::size_t size) {
    return {static_cast<const std::byte*>(memory), size};
}

}  // namespace bench
