// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"
#include "report.hpp"

namespace bench {

// What the broker costs when nobody uses it: its start, its memory, its processor time.
Rows broker(const Options& options);

}  // namespace bench
