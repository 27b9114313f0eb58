// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wire/publish_subscribe.hpp"

#include <ipc/static_config.hpp>

namespace ipc::detail {

// Between what users see and what the broker is told.
wire::TypeDetail to_wire(const TypeDetail& type);
TypeDetail from_wire(const wire::TypeDetail& type);
PublishSubscribeStaticConfig from_wire(const wire::PublishSubscribeSettings& settings);

}  // namespace ipc::detail
