// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ipc/ipc.hpp>

#include <string>

namespace bench {

// With the library's defaults, but that Ctrl-C ends a benchmark at once: one that polls would never ask.
// `socket`: where it is another broker than the last one started.
inline ipc::Node make_node(const std::string& socket = {}) {
    ipc::Config config;
    config.socket = socket;
    return ipc::NodeBuilder{}
        .name("ipc-bench")
        .config(config)
        .signal_handling_mode(ipc::SignalHandlingMode::Disabled)
        .create()
        .value();
}

}  // namespace bench
