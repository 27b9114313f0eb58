// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"
#include "report.hpp"

namespace bench {

// Ping-pong between two processes, for each payload size: bare words, the reference ring, the product.
Rows latency(const Options& options);

}  // namespace bench
