// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "broker.hpp"
#include "command_line.hpp"

#include <tl/expected.hpp>

#include <iosfwd>

namespace roudictl {

// What takes part instead of asking: a node of its own, in a service that is there. Both end in good order at
// SIGINT or SIGTERM, and where the output cannot be written.

// Notifies as often as the command line says, and prints how many listeners there were.
tl::expected<void, Unanswered> notify(const CommandLine& command, std::ostream& out);

// Prints a line for each event that happens.
tl::expected<void, Unanswered> listen(const CommandLine& command, std::ostream& out);

}  // namespace roudictl
