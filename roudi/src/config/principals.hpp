// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace roudi {

// The number of a user or a group, by its name in the system's database or by the number itself. May read
// files: for when a configuration is read, not for requests.
std::optional<std::uint32_t> user_id(const std::string& name);
std::optional<std::uint32_t> group_id(const std::string& name);

}  // namespace roudi
