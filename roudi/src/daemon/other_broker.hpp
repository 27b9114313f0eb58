// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace roudi {

// Who answers at this socket: "roudi 0.1.0, process 12, of user 1000"; nothing if nobody does. Where that
// cannot be told, there is somebody.
std::optional<std::string> find_other_broker(const std::string& path);

}  // namespace roudi
