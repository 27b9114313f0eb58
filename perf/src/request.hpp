// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"
#include "report.hpp"

namespace bench {

// Round trips of a request and its response between two pinned processes; and what a server gets done for
// several clients.
Rows request(const Options& options);

}  // namespace bench
