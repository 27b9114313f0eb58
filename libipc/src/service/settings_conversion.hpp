// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wire/patterns.hpp"

#include <ipc/static_config.hpp>

namespace ipc::detail {

// Between what users see and what the broker is told.
wire::TypeDetail to_wire(const TypeDetail& type);
TypeDetail from_wire(const wire::TypeDetail& type);
PublishSubscribeStaticConfig from_wire(const wire::PublishSubscribeSettings& settings);
RequestResponseStaticConfig from_wire(const wire::RequestResponseSettings& settings);
EventStaticConfig from_wire(const wire::EventSettings& settings);

}  // namespace ipc::detail
