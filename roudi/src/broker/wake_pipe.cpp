// SPDX-License-Identifier: Apache-2.0
#include "broker/wake_pipe.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <string>

namespace roudi {

tl::expected<WakePipe, shm::SystemError> WakePipe::create() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) return shm::failed("pipe2");
    WakePipe pipe{.readable = shm::UniqueFd{ends[0]}, .writable = shm::UniqueFd{ends[1]}};
    if (::fchmod(ends[1], 0600) != 0) return shm::failed("fchmod of a pipe");
    return pipe;
}

tl::expected<shm::UniqueFd, shm::SystemError> open_wake_handle(const shm::UniqueFd& writable) {
    const std::string path = "/proc/self/fd/" + std::to_string(writable.get());
    const int raw = ::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (raw < 0) return shm::failed("reopening a pipe's write end through /proc/self/fd");
    return shm::UniqueFd{raw};
}

}  // namespace roudi
