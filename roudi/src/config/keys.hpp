// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/settings.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace roudi {

using ConfiguredValue = std::variant<std::string, std::uint64_t, Policy>;

// One thing that can be configured: its dotted name, and where its value is in the settings.
struct Key {
    std::string name;
    std::variant<std::string*, std::uint64_t*, Policy*> value;
    std::string variable = {};              // of the environment; empty if there is none
    std::uint64_t lowest = 0;               // of a number
    std::vector<std::string> choices = {};  // of a text; empty if any will do

    // Empty if it is; else what is wrong and what to do.
    std::string why_unacceptable(const ConfiguredValue& proposed) const;
    // An acceptable one. Rules go before those that are there: what is said later wins.
    void set(const ConfiguredValue& proposed) const;
};

// All of them. The pointers are into `settings`.
std::vector<Key> keys_of(Settings& settings);

// The settings as a configuration file would say them.
nlohmann::json configuration_object(Settings settings);
// A rule as it says it.
void to_json(nlohmann::json& object, const PolicyRule& rule);

}  // namespace roudi
