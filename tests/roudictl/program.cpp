// SPDX-License-Identifier: Apache-2.0
#include "program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <stdexcept>

namespace {

using ipc::shm::UniqueFd;

struct Ends {
    UniqueFd ours;
    UniqueFd its;
};

Ends make_pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error{"no pipe"};
    return {UniqueFd{ends[0]}, UniqueFd{ends[1]}};
}

Ends make_terminal() {
    UniqueFd ours{posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)};
    if (!ours || grantpt(ours.get()) != 0 || unlockpt(ours.get()) != 0)
        throw std::runtime_error{"no terminal"};
    UniqueFd its{open(ptsname(ours.get()), O_RDWR | O_NOCTTY | O_CLOEXEC)};
    return {std::move(ours), std::move(its)};
}

// False at the end; a terminal whose other side is closed gives EIO instead.
bool read_some(const UniqueFd& source, std::string& text) {
    pollfd waited{.fd = source.get(), .events = POLLIN, .revents = 0};
    if (poll(&waited, 1, harness::patience_ms) != 1) throw std::runtime_error{"no output: " + text};
    std::array<char, 4096> bytes{};
    const auto got = read(source.get(), bytes.data(), bytes.size());
    if (got <= 0) return false;
    text.append(bytes.data(), static_cast<std::size_t>(got));
    return true;
}

}  // namespace

Program::Program(const Call& call) {
    auto out = call.terminal ? make_terminal() : make_pipe();
    auto err = make_pipe();
    harness::Process::Start start{.executable = call.executable,
                                  .arguments = call.arguments,
                                  .environment = call.environment,
                                  .without = {"NO_COLOR"},
                                  .descriptors = {{.number = STDOUT_FILENO, .source = out.its.get()},
                                                  {.number = STDERR_FILENO, .source = err.its.get()}}};
    if (call.environment.count("ROUDI_SOCKET") == 0) start.without.emplace_back("ROUDI_SOCKET");
    start.environment.emplace("TERM", "xterm");
    start.environment.emplace("ROUDI_AUTOSTART", "0");
    process_ = std::make_unique<harness::Process>(start);
    out_ = std::move(out.ours);
    err_ = std::move(err.ours);
}

std::string Program::line() {
    std::size_t end = pending_.find('\n');
    while (end == std::string::npos && read_some(out_, pending_)) end = pending_.find('\n');
    const auto found = pending_.substr(0, end);
    pending_.erase(0, end == std::string::npos ? end : end + 1);
    return found;
}

Program::Outcome Program::outcome() {
    Outcome outcome;
    outcome.out = std::move(pending_);
    while (read_some(out_, outcome.out)) {
    }
    while (read_some(err_, outcome.err)) {
    }
    const auto ending = process_->wait();
    outcome.code = ending.exited ? ending.code : -ending.signal;
    return outcome;
}

Program::Outcome run(const Program::Call& call) {
    return Program{call}.outcome();
}
