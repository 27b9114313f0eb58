// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/configuration.hpp"

#include <optional>
#include <variant>

namespace roudi {

// What the command line asks for.
struct CommandLine {
    enum class Action : std::uint8_t { Run, CheckConfiguration, PrintConfiguration };
    Action action = Action::Run;
    Configuration::Request configuration;
    std::optional<int> ready_descriptor;

    // Or the code to exit with, where everything is said already (help, version, a mistake).
    static std::variant<CommandLine, int> parse(int argc, char** argv);
};

}  // namespace roudi
