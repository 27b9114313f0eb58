// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tl/expected.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace roudictl {

enum class Verb : std::uint8_t {
    Status,
    Services,
    Service,
    Nodes,
    Node,
    Ports,
    Config,
    Explain,
    Doctor,
    Notify,
    Listen
};

// Which broker: the usual lookup order where neither is set.
struct BrokerChoice {
    std::string socket;
    std::string domain;
};

struct CommandLine {
    Verb verb = Verb::Status;
    std::string argument;  // the name of a service; the id, name or pid of a node; any, or a user
    bool json = false;
    bool names = false;
    bool schema = false;  // of a service, instead of everything else
    std::optional<double> watch_seconds;
    // Of notify and listen.
    std::uint64_t event_id = 0;
    std::optional<std::uint64_t> count;  // of notifications
    double interval_seconds = 1;
    BrokerChoice broker;
};

// The exit code where there is nothing left to do: help and version were printed, or what is wrong.
tl::expected<CommandLine, int> parse_command_line(int argc, const char* const* argv);

}  // namespace roudictl
