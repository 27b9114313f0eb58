// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"
#include "report.hpp"

namespace bench {

// One publisher to many subscribers and many publishers to one subscriber: what each of them costs.
Rows fan(const Options& options);

}  // namespace bench
