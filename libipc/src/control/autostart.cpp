// SPDX-License-Identifier: Apache-2.0
#include "autostart.hpp"

#include "control/broker_executable.hpp"
#include "control/detached_process.hpp"
#include "control/unix_socket.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

namespace ipc::control {

namespace {

constexpr std::chrono::milliseconds lock_retry{5};

// The directory is made for this user alone, and one that somebody else made is not used: who owns the
// directory owns what is at the path.
tl::expected<void, std::string> make_private_directory(const std::string& path) {
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
        return tl::unexpected{shm::failed("mkdir").value().message() + " (" + path + ")"};
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0)
        return tl::unexpected{shm::failed("lstat").value().message() + " (" + path + ")"};
    if (!S_ISDIR(status.st_mode) || status.st_uid != ::getuid() || (status.st_mode & 022) != 0)
        return tl::unexpected{path + " is not a directory that only this user can write to; remove it"};
    return {};
}

// One byte: ready. The end of the pipe: the program has ended.
bool becomes_ready(int descriptor, Clock::time_point deadline) {
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
        pollfd waiting{.fd = descriptor, .events = POLLIN, .revents = 0};
        const int count = ::poll(&waiting, 1, static_cast<int>(std::clamp<decltype(left)>(left, 0, 60'000)));
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        char byte = 0;
        return ::read(descriptor, &byte, 1) == 1;
    }
}

}  // namespace

tl::expected<void, std::string> start_user_broker(const BrokerChoice& choice, const std::string& socket,
                                                  Clock::time_point deadline) {
    const std::string directory = std::filesystem::path{socket}.parent_path();
    if (auto made = make_private_directory(directory); !made) return made;
    auto executable = find_broker_executable(choice.executable);
    if (!executable) return tl::unexpected{std::move(executable.error())};

    // Of two processes that start a broker at once, one does it and the other waits for it. The lock goes
    // with the process that holds it.
    const shm::UniqueFd lock{
        ::open((socket + ".start").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (!lock) return tl::unexpected{shm::failed("opening").value().message() + " (" + socket + ".start)"};
    while (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
        if (Clock::now() >= deadline)
            return tl::unexpected{"another process is starting a broker on " + socket +
                                  " and does not come to an end; see " + socket + ".log"};
        ::poll(nullptr, 0, static_cast<int>(lock_retry.count()));
    }
    if (connect_unix(socket, deadline)) return {};

    const std::string log = socket + ".log";
    const auto ready =
        start_detached(*executable,
                       {"--user", "--socket", socket, "--idle-exit", std::to_string(choice.idle_exit.count()),
                        "--ready-fd", std::to_string(ready_descriptor)},
                       log);
    if (!ready) return tl::unexpected{*executable + " cannot be started: " + ready.error().message()};
    if (!becomes_ready(ready->get(), deadline))
        return tl::unexpected{*executable + " was started on " + socket + " but does not accept; see " + log};
    return {};
}

}  // namespace ipc::control
