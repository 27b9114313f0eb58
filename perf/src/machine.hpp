// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace bench {

// What the figures were measured on, in one line: CPU, cores, kernel, compiler, hypervisor, governor.
std::string machine();

}  // namespace bench
