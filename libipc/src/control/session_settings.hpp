// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

namespace ipc::control {

// Which broker, and what to do where none answers.
struct BrokerChoice {
    bool local = false;  // the one embedded in this process
    std::string socket;  // path; only this one if set
    std::string domain;  // NAME means …/roudi/NAME.sock in the usual places
    bool autostart = true;
    std::string executable;  // of the broker that autostart starts; empty: look for it
    std::chrono::seconds idle_exit{60};
};

struct SessionSettings {
    BrokerChoice broker;
    std::string node_name;
    std::chrono::nanoseconds timeout{std::chrono::seconds{5}};  // until a broker answers the hello
    // How long create_port waits for counterparts that do not map their half.
    std::chrono::nanoseconds creation_bound{std::chrono::milliseconds{100}};
    bool control_thread = true;
    bool handle_termination = true;
    bool membarrier = true;
    bool observer = false;  // asks questions and has no ports
};

}  // namespace ipc::control
