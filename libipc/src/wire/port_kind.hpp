// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace ipc::wire {

enum class PortKind : std::uint8_t { Publisher, Subscriber, Notifier, Listener, Client, Server };
inline constexpr std::size_t port_kinds = 6;

}  // namespace ipc::wire
