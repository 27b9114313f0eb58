// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"
#include "report.hpp"

namespace bench {

// Opening a service and creating a port on it, in an empty world and in a crowded one.
Rows setup(const Options& options);

}  // namespace bench
