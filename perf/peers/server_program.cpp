// SPDX-License-Identifier: Apache-2.0
#include "server_program.hpp"

#include "checked.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <stdexcept>

namespace bench {

namespace {

[[noreturn]] void become(const std::vector<std::string>& command, int output) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    std::vector<char*> arguments;
    for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    execvp(arguments[0], arguments.data());
    std::perror(arguments[0]);
    _exit(1);
}

}  // namespace

ServerProgram::ServerProgram(const std::vector<std::string>& command, const std::string& ready, int farewell)
    : owner_{getpid()}, farewell_{farewell} {
    std::array<int, 2> ends{};
    checked(pipe2(ends.data(), O_CLOEXEC), "pipe");
    pid_ = checked(fork(), "fork");
    if (pid_ == 0) become(command, ends[1]);
    close(ends[1]);
    output_ = ends[0];
    std::string said;
    std::array<char, 4096> some{};
    while (said.find(ready) == std::string::npos) {
        const auto length = read(output_, some.data(), some.size());
        if (length <= 0) throw std::runtime_error{command[0] + " did not start: " + said};
        said.append(some.data(), static_cast<std::size_t>(length));
    }
    // What it says later is nobody's concern, but must not fill the pipe.
    fcntl(output_, F_SETPIPE_SZ, 1 << 20);
}

ServerProgram::~ServerProgram() {
    if (!is_ours()) return;
    close(output_);
    kill(pid_, farewell_);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
}

bool ServerProgram::is_ours() const {
    return getpid() == owner_;
}

}  // namespace bench
