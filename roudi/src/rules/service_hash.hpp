// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace roudi {

// 32 hexadecimal digits that name a service in logs and file names, the same in every world: two FNV-1a
// hashes of pattern and name with different beginnings. Not a secret and no proof against forgery.
std::string service_hash(std::string_view pattern, std::string_view name);

}  // namespace roudi
