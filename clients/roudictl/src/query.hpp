// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "broker.hpp"
#include "show/member.hpp"
#include "style.hpp"

#include <string>

namespace roudictl {

// What one verb asks for, parsed. Where the broker knows no such service or node, the message says which
// name was nearest.
tl::expected<Json, Unanswered> query(Broker& broker, const CommandLine& command);

// The answer as the command line wants it: a table, JSON, or bare names.
std::string render(const Json& answer, const CommandLine& command, const Style& style);

int exit_code_for(const Unanswered& problem);

}  // namespace roudictl
