// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <ostream>
#include <string>

namespace ipc {

// 128 random bits that name a thing in every world and across restarts of the broker. `Kind` keeps names of
// different things apart.
template <class Kind>
class UniqueId {
 public:
    constexpr UniqueId() = default;
    constexpr UniqueId(std::uint64_t high, std::uint64_t low) : high_{high}, low_{low} {}

    constexpr std::uint64_t high() const { return high_; }
    constexpr std::uint64_t low() const { return low_; }

    // Most significant byte first.
    constexpr std::array<std::uint8_t, 16> bytes() const {
        std::array<std::uint8_t, 16> result{};
        for (unsigned i = 0; i < 8; ++i) {
            result[i] = static_cast<std::uint8_t>(high_ >> (56 - 8 * i));
            result[8 + i] = static_cast<std::uint8_t>(low_ >> (56 - 8 * i));
        }
        return result;
    }

    // 32 lower-case hexadecimal digits, as in roudictl.
    std::string text() const {
        constexpr char digits[] = "0123456789abcdef";
        std::string result;
        for (const std::uint8_t byte : bytes()) {
            result += digits[byte >> 4];
            result += digits[byte & 15];
        }
        return result;
    }

    friend constexpr auto operator<=>(const UniqueId&, const UniqueId&) = default;
    friend std::ostream& operator<<(std::ostream& out, const UniqueId& id) { return out << id.text(); }

 private:
    std::uint64_t high_ = 0;
    std::uint64_t low_ = 0;
};

using UniqueNodeId = UniqueId<struct NodeIdKind>;
using UniquePortId = UniqueId<struct PortIdKind>;

}  // namespace ipc

template <class Kind>
struct std::hash<ipc::UniqueId<Kind>> {
    std::size_t operator()(const ipc::UniqueId<Kind>& id) const noexcept {
        return static_cast<std::size_t>(id.low());
    }
};
