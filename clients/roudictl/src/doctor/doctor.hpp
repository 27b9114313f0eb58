// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command_line.hpp"
#include "doctor/finding.hpp"
#include "style.hpp"

#include <string>

namespace roudictl {

// Looks at everything that a node needs, and at every broker it could find.
Findings examine(const BrokerChoice& choice);

std::string show_findings(const Findings& findings, const Style& style);
std::string findings_as_json(const Findings& findings);

// 1 where something fails; a warning alone is fine.
int exit_code_for(const Findings& findings);

}  // namespace roudictl
