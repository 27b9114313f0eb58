// SPDX-License-Identifier: Apache-2.0
#include "broker_program.hpp"

#include "fresh_directory.hpp"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace bench {

namespace {

constexpr int ready_descriptor = 3;

std::string program(const Options& options) {
    if (!options.broker.empty()) return options.broker;
    return (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "roudi").string();
}

[[noreturn]] void become(const std::string& broker, const std::filesystem::path& directory, int told) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (told == ready_descriptor)
        fcntl(told, F_SETFD, 0);
    else
        dup2(told, ready_descriptor);
    const std::string socket = directory / "roudi.sock";
    const std::string configuration = directory / "roudi.json";
    execl(broker.c_str(), broker.c_str(), "--socket", socket.c_str(), "--config", configuration.c_str(),
          "--log-level", "warning", static_cast<char*>(nullptr));
    std::perror(broker.c_str());
    _exit(1);
}

}  // namespace

BrokerProgram::BrokerProgram(const Options& options, const std::string& configuration)
    : program_{program(options)}, directory_{fresh_directory()}, owner_{getpid()} {
    std::ofstream{directory_ / "roudi.json"} << configuration;
    start();
    setenv("ROUDI_SOCKET", socket().c_str(), 1);
}

void BrokerProgram::start() {
    setenv("ROUDI_READY_FD", std::to_string(ready_descriptor).c_str(), 1);
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::system_error{errno, std::generic_category(), "pipe"};
    const auto begin = std::chrono::steady_clock::now();
    pid_ = fork();
    if (pid_ < 0) throw std::system_error{errno, std::generic_category(), "fork"};
    if (pid_ == 0) become(program_, directory_, ends[1]);
    close(ends[1]);
    char byte = 0;
    const bool ready = read(ends[0], &byte, 1) == 1;
    time_to_ready_ = std::chrono::steady_clock::now() - begin;
    close(ends[0]);
    unsetenv("ROUDI_READY_FD");
    if (!ready) throw std::runtime_error{"the broker " + program_ + " did not start; --broker names another"};
}

void BrokerProgram::end(int signal) {
    if (pid_ < 0) return;
    ::kill(pid_, signal);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
}

void BrokerProgram::kill() {
    end(SIGKILL);
}

BrokerProgram::~BrokerProgram() {
    if (getpid() != owner_) return;
    end(SIGTERM);
    std::error_code ignored;  // what is left in the system's place for temporary files, the system removes
    std::filesystem::remove_all(directory_, ignored);
}

}  // namespace bench
