// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ipc/ipc.hpp>

namespace bench {

// With the library's defaults, but that Ctrl-C ends a benchmark at once: one that polls would never ask.
inline ipc::Node make_node() {
    return ipc::NodeBuilder{}
        .name("ipc-bench")
        .signal_handling_mode(ipc::SignalHandlingMode::Disabled)
        .create()
        .value();
}

}  // namespace bench
