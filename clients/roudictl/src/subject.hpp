// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace roudictl {

// What `explain` is asked with: a name, and if this system knows a user of that name or number, who that is
// and which groups he is in. The broker's system may know others, and must not wait for its database.
std::string subject(const std::string& name);

}  // namespace roudictl
