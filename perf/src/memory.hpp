// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"
#include "report.hpp"

namespace bench {

// A publisher of 16 MiB samples with 8 subscribers and default settings: what of its data segment is in
// memory, and what was ever in flight at once.
Rows memory(const Options& options);

}  // namespace bench
