// SPDX-License-Identifier: Apache-2.0
#include "unix_socket.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace ipc::control {

namespace {

// The kernel wakes who waits in a blocking connect when there is room in the queue; poll does not know of it.
void limit_connect(int socket, Clock::time_point deadline) {
    const auto left = std::max(std::chrono::duration_cast<std::chrono::microseconds>(deadline - Clock::now()),
                               std::chrono::microseconds{1});  // 0 would be for ever
    const timeval limit{.tv_sec = left.count() / 1'000'000, .tv_usec = left.count() % 1'000'000};
    ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

tl::expected<sockaddr_un, shm::SystemError> address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        return tl::unexpected{shm::SystemError{.operation = "connect", .code = ENAMETOOLONG}};
    std::memcpy(address.sun_path, path.data(), path.size());
    return address;
}

}  // namespace

tl::expected<shm::UniqueFd, shm::SystemError> try_to_connect_unix(const std::string& path) {
    const auto address = address_of(path);
    if (!address) return tl::unexpected{address.error()};
    shm::UniqueFd socket{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    if (!socket) return shm::failed("socket");
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address) != 0)
        return shm::failed("connect");
    return socket;
}

tl::expected<shm::UniqueFd, shm::SystemError> connect_unix(const std::string& path,
                                                           Clock::time_point deadline) {
    const auto address = address_of(path);
    if (!address) return tl::unexpected{address.error()};
    shm::UniqueFd socket{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    if (!socket) return shm::failed("socket");
    int result = -1;
    do {
        limit_connect(socket.get(), deadline);
        result = ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address);
    } while (result != 0 && errno == EINTR);
    if (result != 0) return shm::failed("connect");
    if (::fcntl(socket.get(), F_SETFL, O_NONBLOCK) != 0) return shm::failed("fcntl");
    return socket;
}

}  // namespace ipc::control
