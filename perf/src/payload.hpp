// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <stdexcept>

namespace bench {

// From here on a payload is too long for a slot, and goes by reference.
inline constexpr std::size_t room_in_slot = 104;

// What is sent, by the product and by what it is compared with alike. A small one is written and read whole;
// of a large one only the first and the last byte are touched, so that the transport is measured and not
// memory.
template <std::size_t Size>
struct alignas(Size % 8 == 0 ? 8 : 4) Payload {
    static_assert(Size % 4 == 0);
    static constexpr bool touched_whole = Size <= room_in_slot;
    static constexpr std::size_t words = Size / 8;

    std::array<unsigned char, Size> bytes;

    void write(std::uint64_t value) {
        if constexpr (touched_whole) {
            for (std::size_t i = 0; i < words; ++i) std::memcpy(&bytes[i * 8], &value, 8);
            if constexpr (Size % 8 != 0) std::memcpy(&bytes[words * 8], &value, 4);
        } else {
            bytes.front() = bytes.back() = static_cast<unsigned char>(value);
        }
    }

    // Reads what write() wrote, and throws where that is not it.
    void check(std::uint64_t value) const {
        bool right = true;
        if constexpr (touched_whole) {
            for (std::size_t i = 0; i < words; ++i) right &= load<std::uint64_t>(i * 8) == value;
            if constexpr (Size % 8 != 0)
                right &= load<std::uint32_t>(words * 8) == static_cast<std::uint32_t>(value);
        } else {
            right = bytes.front() == static_cast<unsigned char>(value) &&
                    bytes.back() == static_cast<unsigned char>(value);
        }
        if (!right) throw std::runtime_error{"a payload arrived that nobody sent"};
    }

 private:
    template <class Word>
    Word load(std::size_t offset) const {
        Word word;
        std::memcpy(&word, &bytes[offset], sizeof word);
        return word;
    }
};

}  // namespace bench
