// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "query.hpp"

#include <iosfwd>

namespace roudictl {

// Asks again and again, and shows the answer whenever it changed: over the last one on a terminal, below it
// elsewhere. Ends with SIGINT or SIGTERM, which must be blocked, or with the first thing that goes wrong.
tl::expected<void, Unanswered> watch(Broker& broker, const CommandLine& command, const Style& style,
                                     bool on_terminal, std::ostream& out);

}  // namespace roudictl
