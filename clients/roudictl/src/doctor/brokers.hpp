// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command_line.hpp"
#include "doctor/finding.hpp"

namespace roudictl {

// Every place where a broker may be, and each broker that is alive: who it is, whether the kernel keeps its
// clients apart, and whether its version is ours.
Findings check_brokers(const BrokerChoice& choice);

}  // namespace roudictl
