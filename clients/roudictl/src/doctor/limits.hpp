// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "doctor/finding.hpp"

namespace roudictl {

// Descriptors, mappings and locked memory, as a program started from here has them.
Findings check_limits();

}  // namespace roudictl
