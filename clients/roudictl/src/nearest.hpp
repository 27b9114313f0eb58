// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace roudictl {

// The known name that somebody most likely meant; nothing where none is near enough to be a slip.
std::optional<std::string> nearest(std::string_view wanted, const std::vector<std::string>& known);

}  // namespace roudictl
