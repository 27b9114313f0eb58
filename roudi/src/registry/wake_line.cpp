// SPDX-License-Identifier: Apache-2.0
#include "registry/wake_line.hpp"

#include <sys/socket.h>

#include <array>

namespace roudi {

tl::expected<WakeLine, shm::SystemError> WakeLine::create() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return shm::failed("socketpair");
    WakeLine line{.waker = shm::UniqueFd{ends[0]}, .woken = shm::UniqueFd{ends[1]}};
    if (::shutdown(ends[0], SHUT_RDWR) != 0) return shm::failed("shutdown of a wake line");
    return line;
}

}  // namespace roudi
