// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rules/rejection.hpp"
#include "wire/patterns.hpp"
#include "wire/uuid.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace roudi {

struct Service;

// How many ports of a kind a service takes.
struct PortLimit {
    wire::PortKind kind;
    const char* ports;    // "publishers"
    const char* setting;  // "max_publishers"
    wire::Refusal exceeded;
    // Nothing where services of this pattern have no such ports.
    std::optional<std::uint64_t> (*of)(const wire::ServiceSettings& settings);
};

// One for each kind, in their order.
std::span<const PortLimit, wire::port_kinds> port_limits();

// Whether the service takes one more; one that others wait for has its room already.
Granted<void> check_room(const Service& service, wire::PortKind kind, wire::Uuid awaited = {});

}  // namespace roudi
