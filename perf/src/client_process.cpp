// SPDX-License-Identifier: Apache-2.0
#include "client_process.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <system_error>

namespace bench {

namespace {

[[noreturn]] void live(int line, const std::function<void(const std::function<void()>& ready)>& life) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    char word = 0;
    if (read(line, &word, 1) != 1) _exit(0);
    try {
        life([&] {
            if (write(line, &word, 1) != 1) _exit(0);
        });
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "ipc-bench: client process: %s\n", failure.what());
    }
    _exit(1);
}

}  // namespace

ClientProcess::ClientProcess(const std::function<void(const std::function<void()>& ready)>& life) {
    std::array<int, 2> ends{};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        throw std::system_error{errno, std::generic_category(), "socketpair"};
    pid_ = fork();
    if (pid_ < 0) throw std::system_error{errno, std::generic_category(), "fork"};
    if (pid_ == 0) {
        close(ends[0]);
        live(ends[1], life);
    }
    close(ends[1]);
    line_ = ends[0];
}

ClientProcess::~ClientProcess() {
    kill();
    close(line_);
}

void ClientProcess::go() const {
    char word = 0;
    if (write(line_, &word, 1) != 1 || read(line_, &word, 1) != 1)
        throw std::runtime_error{"a client process ended before it was ready"};
}

void ClientProcess::kill() {
    if (pid_ < 0) return;
    ::kill(pid_, SIGKILL);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
}

}  // namespace bench
