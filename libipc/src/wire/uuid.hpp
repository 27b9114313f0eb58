// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace ipc::wire {

// 128 random bits: names a node, a port or a connection in every world and across restarts of the broker.
struct Uuid {
    std::uint64_t high = 0;
    std::uint64_t low = 0;

    static Uuid random();
    // 32 lower-case hexadecimal digits, and nothing else.
    static std::optional<Uuid> parse(std::string_view text);
    std::string text() const;

    friend auto operator<=>(const Uuid&, const Uuid&) = default;
};

}  // namespace ipc::wire

template <>
struct std::hash<ipc::wire::Uuid> {
    std::size_t operator()(const ipc::wire::Uuid& id) const noexcept {
        return static_cast<std::size_t>(id.low);
    }
};
