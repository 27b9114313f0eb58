// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wire/messages.hpp"

#include <array>
#include <string_view>

// Enumerators travel by name. Each table is in the order of its enum.
namespace ipc::wire {

inline constexpr std::array<std::string_view, 2> enum_names(TypeVariant) {
    return {"fixed_size", "dynamic"};
}
inline constexpr std::array<std::string_view, port_kinds> enum_names(PortKind) {
    return {"publisher", "subscriber", "notifier", "listener", "client", "server"};
}
inline constexpr std::array<std::string_view, 3> enum_names(OpenMode) {
    return {"create", "open", "open_or_create"};
}
inline constexpr std::array<std::string_view, 2> enum_names(Backpressure) {
    return {"retry_until_delivered", "discard_data"};
}
inline constexpr std::array<std::string_view, 3> enum_names(Allocation) {
    return {"static", "best_fit", "power_of_two"};
}
inline constexpr std::array<std::string_view, 3> enum_names(RemovalReason) {
    return {"peer_dropped", "peer_died", "cut"};
}
inline constexpr const auto& enum_names(Refusal) {
    return refusal_names;
}

template <class Enum>
constexpr std::string_view name_of(Enum value) {
    return enum_names(value)[static_cast<std::size_t>(value)];
}

}  // namespace ipc::wire
