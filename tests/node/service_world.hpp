// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "harness/broker_process.hpp"
#include "node/on_broker.hpp"

#include <ipc/ipc.hpp>

#include <string>
#include <string_view>
#include <vector>

inline ipc::Node node_on(const harness::BrokerProcess& broker, std::string_view name = "tested") {
    return ipc::NodeBuilder{}
        .name(name)
        .config(on(broker))
        .signal_handling_mode(ipc::SignalHandlingMode::Disabled)
        .create()
        .value();
}

// Whether all of these are in the message.
inline bool mentions(const std::string& message, const std::vector<std::string>& parts) {
    for (const auto& part : parts)
        if (message.find(part) == std::string::npos) return false;
    return true;
}
