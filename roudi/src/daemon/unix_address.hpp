// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <optional>
#include <string>

namespace roudi {

struct UnixAddress {
    sockaddr_un address{};
    socklen_t size = 0;

    // Empty for a path that is too long (or empty). A leading '@' means the abstract namespace.
    static std::optional<UnixAddress> of(const std::string& path) {
        UnixAddress result;
        if (path.empty() || path.size() >= sizeof result.address.sun_path) return std::nullopt;
        result.address.sun_family = AF_UNIX;
        std::memcpy(result.address.sun_path, path.data(), path.size());
        const bool abstract = path.front() == '@';
        if (abstract) result.address.sun_path[0] = '\0';
        // An abstract name ends with its length, a path with a NUL.
        result.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + !abstract);
        return result;
    }
    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address); }
};

}  // namespace roudi
