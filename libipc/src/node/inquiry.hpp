// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/session.hpp"

#include <ipc/expected.hpp>
#include <ipc/node_error.hpp>

#include <string>
#include <string_view>

namespace ipc::detail {

// Asks until the answer is whole: the broker cuts long lists into pages.
expected<std::string, Error<IntrospectionError>> inquire(control::Session& session, std::string_view what,
                                                         std::string_view argument);

}  // namespace ipc::detail
