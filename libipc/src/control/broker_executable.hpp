// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tl/expected.hpp>

#include <string>

namespace ipc::control {

// The configured one, else ROUDI_EXECUTABLE; where neither is set: where this library was installed to,
// beside this library, in PATH. The error says where it was looked for.
tl::expected<std::string, std::string> find_broker_executable(const std::string& configured);

}  // namespace ipc::control
