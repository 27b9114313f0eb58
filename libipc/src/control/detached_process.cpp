// SPDX-License-Identifier: Apache-2.0
#include "detached_process.hpp"

#include "control/signal_mask.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace ipc::control {

namespace {

// In the forked child, where other threads may have held any lock: system calls only.
[[noreturn]] void become(const char* executable, char* const* arguments, int ready, int log) {
    ::setsid();
    const pid_t grandchild = ::fork();
    if (grandchild != 0) ::_exit(grandchild < 0 ? 1 : 0);
    const int null = ::open("/dev/null", O_RDONLY);
    // `ready` and `log` may have any number: out of the way of those that are given out here.
    const int kept_ready = ::fcntl(ready, F_DUPFD, ready_descriptor + 1);
    const int kept_log = ::fcntl(log, F_DUPFD, ready_descriptor + 1);
    ::dup2(null, STDIN_FILENO);
    ::dup2(kept_log, STDOUT_FILENO);
    ::dup2(kept_log, STDERR_FILENO);
    ::dup2(kept_ready, ready_descriptor);
    ::close_range(ready_descriptor + 1, ~0U, 0);
    for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    if (::chdir("/") == 0) ::execv(executable, arguments);
    ::_exit(127);
}

}  // namespace

tl::expected<shm::UniqueFd, shm::SystemError> start_detached(const std::string& executable,
                                                             const std::vector<std::string>& arguments,
                                                             const std::string& log_path) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return shm::failed("pipe2");
    shm::UniqueFd ready{ends[0]};
    const shm::UniqueFd write_end{ends[1]};
    const shm::UniqueFd log{
        ::open(log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (!log) return shm::failed("opening the log of the broker");

    std::vector<std::string> all{executable};
    all.insert(all.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    for (auto& argument : all) pointers.push_back(argument.data());
    pointers.push_back(nullptr);

    pid_t child = -1;
    {
        const AllSignalsBlocked no_handler_runs_in_the_child;
        child = ::fork();
        if (child == 0) become(executable.c_str(), pointers.data(), write_end.get(), log.get());
    }
    if (child < 0) return shm::failed("fork");
    int status = 0;
    pid_t waited = -1;
    do {
        waited = ::waitpid(child, &status, 0);
    } while (waited < 0 && errno == EINTR);
    return ready;
}

}  // namespace ipc::control
