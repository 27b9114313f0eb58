// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "harness/broker_process.hpp"

#include <ipc/ipc.hpp>

#include <chrono>
#include <string>

// A broker of its own for each test, and nodes that find it.
namespace harness {

using namespace std::chrono_literals;

// Long enough never to pass but in a failure.
inline constexpr std::chrono::seconds patience{30};

inline ipc::Config config_for(const std::string& socket) {
    ipc::Config config;
    config.socket = socket;
    config.creation_bound = patience;  // on a loaded machine a counterpart may take long to map its half
    return config;
}

inline ipc::Node node_with(const ipc::Config& config, const std::string& name, bool threaded = true) {
    return ipc::NodeBuilder{}
        .name(name)
        .config(config)
        .control_thread(threaded)
        .signal_handling_mode(ipc::SignalHandlingMode::Disabled)
        .create()
        .value();
}

inline ipc::Node node_at(const std::string& socket, const std::string& name = "test", bool threaded = true) {
    return node_with(config_for(socket), name, threaded);
}

struct World {
    BrokerProcess broker;
    ipc::Node node = node_at(broker.socket());
};

}  // namespace harness
