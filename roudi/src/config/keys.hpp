// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/settings.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace roudi {

// One thing that can be configured: its dotted name, and where its value is in the settings.
struct Key {
    std::string name;
    std::variant<std::string*, std::uint64_t*> value;
    std::string variable;  // of the environment; empty if there is none
};

// All of them. The pointers are into `settings`.
std::vector<Key> keys_of(Settings& settings);

// The settings as a configuration file would say them.
nlohmann::json configuration_object(Settings settings);

}  // namespace roudi
