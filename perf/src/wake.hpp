// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"
#include "report.hpp"

namespace bench {

// From before a send until a thread that slept has what was sent, against a bare byte.
Rows wake(const Options& options);

}  // namespace bench
