// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"
#include "report.hpp"

namespace bench {

// Processor time of a client that has nothing to do, that sleeps on data, and that is woken by it.
Rows idle(const Options& options);

}  // namespace bench
