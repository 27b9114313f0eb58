// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"
#include "report.hpp"

namespace bench {

// One way between two processes: a slice of so many bytes, against a payload of that size.
Rows slices(const Options& options);

}  // namespace bench
