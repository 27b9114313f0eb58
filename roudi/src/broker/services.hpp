// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "registry/entities.hpp"
#include "rules/permissions.hpp"
#include "rules/rejection.hpp"

namespace roudi {

// Whether the node may be one of those that have the service open.
Granted<void> check_may_join(const Permissions& permissions, Node& node, Service& service);

}  // namespace roudi
