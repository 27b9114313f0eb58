// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"
#include "report.hpp"

namespace bench {

// Notifications to listeners that are awake: ping-pong between two processes, and one notifier to many.
Rows event(const Options& options);

}  // namespace bench
