// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"
#include "report.hpp"

namespace bench {

// From a subscriber's SIGKILL until a publisher has back what it held, and until the broker knows.
Rows reclaim(const Options& options);

}  // namespace bench
