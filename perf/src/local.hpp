// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"
#include "report.hpp"

namespace bench {

// One thread, one process: what the product's own instructions cost, in units of an uncontended fetch_add.
Rows local(const Options& options);

}  // namespace bench
