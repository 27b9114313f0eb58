// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "doctor/finding.hpp"

namespace roudictl {

// Whether a node that finds no broker could start one.
Finding check_autostart();

}  // namespace roudictl
