// SPDX-License-Identifier: Apache-2.0
#include "doctor/knock.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace roudictl {
namespace {

bool is_socket(const std::string& path) {
    struct stat status {};
    return stat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode);
}

Door door_for(int error, const std::string& path) {
    switch (error) {
        case 0:
            return Door::Open;
        case ENOENT:
        case ENOTDIR:
            return Door::Absent;
        case EACCES:
        case EPERM:
            return Door::Forbidden;
        case ECONNREFUSED:
            // The same error for a file that is no socket at all.
            return is_socket(path) ? Door::Deserted : Door::NotASocket;
        case EAGAIN:
            return Door::Open;  // its queue of connections is full, so somebody listens
        default:
            return Door::Unusable;
    }
}

}  // namespace

Knock knock(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) {
        return {Door::Unusable, "the path has " + std::to_string(path.size()) +
                                    " bytes; a socket's may have " +
                                    std::to_string(sizeof address.sun_path - 1)};
    }
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket < 0) return {Door::Unusable, std::strerror(errno)};
    const auto* generic = reinterpret_cast<const sockaddr*>(&address);
    const int error = connect(socket, generic, sizeof address) == 0 ? 0 : errno;
    close(socket);
    return {door_for(error, path), error == 0 ? "" : std::strerror(error)};
}

}  // namespace roudictl
