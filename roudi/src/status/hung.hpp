// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "registry/registry.hpp"

#include <chrono>

namespace roudi {

// For how long a node has taken up nothing of what it was told: it leaves it in its socket, or was offered a
// connection that it does not map. Zero where nothing waits for it: who sleeps with nothing to do is not
// hung.
std::chrono::milliseconds takes_up_nothing_for(const Node& node);

}  // namespace roudi
