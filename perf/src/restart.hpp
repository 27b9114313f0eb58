// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"
#include "report.hpp"

namespace bench {

// The broker is killed and comes back: how long a flow stands still, and until new services and ports work.
Rows restart(const Options& options);

}  // namespace bench
