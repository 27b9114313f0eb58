// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"
#include "report.hpp"

namespace bench {

// Payloads of 64 bytes from one process to the other, as fast as it goes and without loss.
Rows flow(const Options& options);

}  // namespace bench
