// SPDX-License-Identifier: Apache-2.0
#include "subject.hpp"

#include "show/member.hpp"

#include <grp.h>
#include <pwd.h>

#include <charconv>
#include <vector>

namespace roudictl {
namespace {

const passwd* user_called(const std::string& name) {
    uid_t number = 0;
    const char* const end = name.data() + name.size();
    const auto [behind, error] = std::from_chars(name.data(), end, number);
    return error == std::errc{} && behind == end ? getpwuid(number) : getpwnam(name.c_str());
}

std::vector<gid_t> groups_of(const passwd& user) {
    int count = 64;
    std::vector<gid_t> groups;
    int found = -1;
    while (found < 0) {
        groups.resize(static_cast<std::size_t>(count));
        const int room = count;
        found = getgrouplist(user.pw_name, user.pw_gid, groups.data(), &count);
        if (found < 0 && count <= room) count = 2 * room;
    }
    groups.resize(static_cast<std::size_t>(found));
    return groups;
}

}  // namespace

std::string subject(const std::string& name) {
    Json subject{{"name", name}};
    if (const auto* user = user_called(name)) {
        subject["uid"] = user->pw_uid;
        subject["gids"] = groups_of(*user);
    }
    return subject.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace roudictl
