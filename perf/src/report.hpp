// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"

#include <nlohmann/json.hpp>

#include <string_view>

namespace bench {

// A benchmark's outcome: an array of objects with the same members, in the order in which they are shown.
using Rows = nlohmann::ordered_json;

// For programs as JSON, else for people: title, machine, and the rows as a table.
void print(std::string_view title, const Rows& rows, const Options& options);

}  // namespace bench
