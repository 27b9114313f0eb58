// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rules/rejection.hpp"

#include <string>

namespace roudi {

// Names are UTF-8 already: a frame with anything else is not JSON. What is left: length, and no NUL.
Granted<void> check_service_name(const std::string& name);
// Of a node or a port; may be empty. `what` says which of the two, in the message.
Granted<void> check_label(const std::string& name, const char* what);

}  // namespace roudi
