// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace ipc {

enum class SignalHandlingMode : std::uint8_t {
    // SIGINT and SIGTERM ask the process to end: Node::wait returns false and blocking calls return
    // Interrupted.
    // A handler that was installed before is called too; an ignored signal stays ignored. The last such node
    // puts back what was there. A request stays for the life of the process.
    HandleTerminationRequests,
    // Signals are the application's own business.
    Disabled,
};

}  // namespace ipc
