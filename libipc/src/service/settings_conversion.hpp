// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wire/patterns.hpp"

#include <ipc/static_config.hpp>

#include <chrono>
#include <cstdint>
#include <optional>

namespace ipc::detail {

// Between what users see and what the broker is told.
wire::TypeDetail to_wire(const TypeDetail& type);
TypeDetail from_wire(const wire::TypeDetail& type);
std::optional<std::chrono::nanoseconds> duration_of(const std::optional<std::uint64_t>& nanoseconds);
PublishSubscribeStaticConfig from_wire(const wire::PublishSubscribeSettings& settings);
RequestResponseStaticConfig from_wire(const wire::RequestResponseSettings& settings);
EventStaticConfig from_wire(const wire::EventSettings& settings);

}  // namespace ipc::detail
