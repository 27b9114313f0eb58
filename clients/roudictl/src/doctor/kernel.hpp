// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "doctor/finding.hpp"

namespace roudictl {

// What the kernel offers: sealed memory files, pidfds, membarrier.
Findings check_kernel();

}  // namespace roudictl
