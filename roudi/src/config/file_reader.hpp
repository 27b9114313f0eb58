// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/keys.hpp"

#include <tl/expected.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace roudi {

// What one source says: a key's value, and where that was said.
struct Assignment {
    std::string key;
    ConfiguredValue value;
    std::string from;
};

// Reads JSON with comments. An error begins with "file:line: "; an unknown key's names the nearest known one.
tl::expected<std::vector<Assignment>, std::string> read_configuration(std::string_view text,
                                                                      const std::string& file,
                                                                      const std::vector<Key>& keys);

}  // namespace roudi
