// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace ipc::wire {

enum class PortKind : std::uint8_t { Publisher, Subscriber, Notifier, Listener };
inline constexpr std::size_t port_kinds = 4;

}  // namespace ipc::wire
