// SPDX-License-Identifier: Apache-2.0
#include "unix_socket.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

namespace ipc::control {

tl::expected<shm::UniqueFd, shm::SystemError> connect_unix(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        return tl::unexpected{shm::SystemError{.operation = "connect", .code = ENAMETOOLONG}};
    std::memcpy(address.sun_path, path.data(), path.size());
    shm::UniqueFd socket{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    if (!socket) return shm::failed("socket");
    int result = -1;
    do {
        result = ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    } while (result != 0 && errno == EINTR);
    if (result != 0) return shm::failed("connect");
    return socket;
}

}  // namespace ipc::control
