// SPDX-License-Identifier: Apache-2.0
#include "process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <utility>

extern char** environ;

namespace harness {

namespace {

std::vector<std::string> environment_of(const Process::Start& start) {
    std::vector<std::string> result;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string text = *entry;
        const std::string name = text.substr(0, text.find('='));
        if (start.environment.count(name) == 0 &&
            std::find(start.without.begin(), start.without.end(), name) == start.without.end())
            result.push_back(text);
    }
    for (const auto& [name, value] : start.environment) result.push_back(name + "=" + value);
    return result;
}

std::vector<char*> pointers_to(std::vector<std::string>& strings) {
    std::vector<char*> result;
    for (auto& string : strings) result.push_back(string.data());
    result.push_back(nullptr);
    return result;
}

}  // namespace

Process::Process(const Start& start) {
    std::vector<std::string> arguments{start.executable};
    arguments.insert(arguments.end(), start.arguments.begin(), start.arguments.end());
    std::vector<std::string> environment = environment_of(start);

    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    for (const Descriptor& descriptor : start.descriptors)
        ::posix_spawn_file_actions_adddup2(&actions, descriptor.source, descriptor.number);
    const int result = ::posix_spawn(&pid_, start.executable.c_str(), &actions, nullptr,
                                     pointers_to(arguments).data(), pointers_to(environment).data());
    ::posix_spawn_file_actions_destroy(&actions);
    if (result != 0) throw std::system_error{result, std::generic_category(), "starting " + start.executable};
    running_ = true;
}

Process::Process(Process&& other) noexcept
    : pid_{other.pid_}, running_{std::exchange(other.running_, false)}, ending_{other.ending_} {}

Process::~Process() {
    if (running_) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
}

void Process::signal(int number) const {
    if (running_) ::kill(pid_, number);
}

void Process::stop() const {
    signal(SIGSTOP);
    siginfo_t information{};
    // Tells of a stop only when the last thread has stopped. Not to be had for what ended meanwhile: an
    // error.
    if (::waitid(P_PID, static_cast<id_t>(pid_), &information, WSTOPPED) != 0)
        throw std::system_error{errno, std::generic_category(), "stopping " + std::to_string(pid_)};
}

Ending Process::wait() {
    if (!running_) return ending_;
    const ipc::shm::UniqueFd end{static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0))};
    pollfd waited{.fd = end.get(), .events = POLLIN, .revents = 0};
    if (::poll(&waited, 1, patience_ms) != 1)
        throw std::runtime_error{"process " + std::to_string(pid_) + " does not end"};
    int status = 0;
    ::waitpid(pid_, &status, 0);
    running_ = false;
    ending_ = WIFEXITED(status) ? Ending{.exited = true, .code = WEXITSTATUS(status), .signal = 0}
                                : Ending{.exited = false, .code = 0, .signal = WTERMSIG(status)};
    return ending_;
}

void Process::kill() {
    signal(SIGKILL);
    wait();
}

std::size_t open_descriptors(pid_t pid) {
    const std::filesystem::directory_iterator all{"/proc/" + std::to_string(pid) + "/fd"};
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

std::size_t mappings_with(pid_t pid, const std::string& part) {
    std::ifstream maps{"/proc/" + std::to_string(pid) + "/maps"};
    std::size_t count = 0;
    for (std::string line; std::getline(maps, line);) count += line.find(part) != std::string::npos ? 1 : 0;
    return count;
}

long detail::now_ms() {
    using namespace std::chrono;
    return static_cast<long>(duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count());
}

bool detail::out_of_patience(long started_ms) {
    ::sched_yield();
    return now_ms() - started_ms > patience_ms;
}

}  // namespace harness
