// SPDX-License-Identifier: Apache-2.0
#include "status/user_names.hpp"

#include <pwd.h>

#include <array>

namespace roudi {

const std::string& UserNames::of(uid_t user) {
    const auto known = names_.find(user);
    if (known != names_.end()) return known->second;
    std::array<char, 4096> text;
    passwd entry{};
    passwd* found = nullptr;
    const bool named = ::getpwuid_r(user, &entry, text.data(), text.size(), &found) == 0 && found != nullptr;
    return names_.emplace(user, named ? entry.pw_name : std::to_string(user)).first->second;
}

}  // namespace roudi
