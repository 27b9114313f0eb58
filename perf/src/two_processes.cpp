// SPDX-License-Identifier: Apache-2.0
#include "two_processes.hpp"

#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace bench {

namespace {

volatile sig_atomic_t partner = 0;

[[noreturn]] void give_up(std::string_view reason) {
    [[maybe_unused]] const auto written = write(STDERR_FILENO, reason.data(), reason.size());
    _exit(1);
}

void on_silence(int) {
    give_up("ipc-bench: the two processes wait for each other for too long\n");
}

// While the first process polls for a message, only a signal tells it that nobody will send one.
void on_child_ended(int, siginfo_t* info, void*) {
    if (info->si_pid == partner && !(info->si_code == CLD_EXITED && info->si_status == 0))
        give_up("ipc-bench: the second process failed\n");
}

void watch_the_other() {
    struct sigaction silence {};
    silence.sa_handler = on_silence;
    sigaction(SIGALRM, &silence, nullptr);
    struct sigaction ended {};
    ended.sa_sigaction = on_child_ended;
    ended.sa_flags = SA_SIGINFO | SA_RESTART | SA_NOCLDSTOP;
    sigaction(SIGCHLD, &ended, nullptr);
}

// Without the destructors and exit handlers that belong to the first process.
[[noreturn]] void run_second(MeetingPoint& point, const std::function<void(Side&)>& body) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    try {
        Side side{point, false};
        body(side);
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "ipc-bench: second process: %s\n", failure.what());
        _exit(1);
    }
    _exit(0);
}

}  // namespace

void Side::meet() {
    constexpr unsigned patience_s = 60;
    alarm(patience_s);
    point_.arrived.fetch_add(1);
    ++meetings_;
    while (point_.arrived.load() < 2 * meetings_) {
    }
}

bool Side::agree(bool opinion) {
    if (first_) point_.decision.store(opinion ? 1 : 0);
    meet();
    const bool decision = point_.decision.load() != 0;
    meet();
    return decision;
}

std::array<int, 2> two_cores(const Options& options) {
    if (options.cpus.size() == 2) return {options.cpus[0], options.cpus[1]};
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    sched_getaffinity(0, sizeof allowed, &allowed);
    std::array<int, 2> found{};
    std::size_t count = 0;
    for (int core = 0; core < CPU_SETSIZE && count < found.size(); ++core)
        if (CPU_ISSET(core, &allowed)) found[count++] = core;
    if (count < found.size()) throw std::runtime_error{"this benchmark needs two cores"};
    return found;
}

void pin_to(int core, pid_t process) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(core, &set);
    if (sched_setaffinity(process, sizeof set, &set) != 0)
        throw std::system_error{errno, std::generic_category(), "pinning to core " + std::to_string(core)};
}

void in_two_processes(const std::array<int, 2>& cores, MeetingPoint& point,
                      const std::function<void(Side&)>& body) {
    watch_the_other();
    const pid_t child = fork();
    if (child < 0) throw std::system_error{errno, std::generic_category(), "fork"};
    pin_to(cores[child == 0 ? 1 : 0]);
    if (child == 0) run_second(point, body);
    partner = child;
    Side side{point, true};
    body(side);
    alarm(0);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    partner = 0;
}

}  // namespace bench
