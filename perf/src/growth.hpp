// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"
#include "report.hpp"

namespace bench {

// What it costs when a port grows: who sends, and who receives; and what it keeps in memory.
Rows growth(const Options& options);

}  // namespace bench
