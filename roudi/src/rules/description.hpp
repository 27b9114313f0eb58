// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "registry/entities.hpp"

#include <string>

namespace roudi {

// "service "name" of process 12 (node "n", user 1000)": how messages call an existing service.
std::string describe(const Service& service);

}  // namespace roudi
