// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>
#include <unordered_map>

namespace roudi {

// Names of users. The first question about a user asks the system's database, which may read files; later
// ones do not, so that only status ever waits for it, and once per user.
class UserNames {
 public:
    const std::string& of(uid_t user);

 private:
    std::unordered_map<uid_t, std::string> names_;
};

}  // namespace roudi
