// SPDX-License-Identifier: Apache-2.0
#include "actor.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <stdexcept>
#include <utility>

namespace harness {

namespace {

constexpr const char* name_variable = "ROUDI_TEST_ACTOR";
constexpr int line_descriptor = 3;
constexpr int code_of_an_exception = 99;

std::map<std::string, ActorFunction>& registered() {
    static std::map<std::string, ActorFunction> functions;
    return functions;
}

std::pair<ipc::shm::UniqueFd, ipc::shm::UniqueFd> socket_pair() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0)
        throw std::runtime_error{"no socket pair"};
    return {ipc::shm::UniqueFd{ends[0]}, ipc::shm::UniqueFd{ends[1]}};
}

}  // namespace

void Line::tell(std::string_view message) const {
    if (::send(socket_.get(), message.data(), message.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(message.size()))
        throw std::runtime_error{"nobody there to hear: " + std::string{message}};
}

std::string Line::hear() const {
    pollfd waited{.fd = socket_.get(), .events = POLLIN, .revents = 0};
    if (::poll(&waited, 1, patience_ms) != 1) throw std::runtime_error{"the other side says nothing"};
    std::string message(64 * 1024, '\0');
    const ssize_t size = ::recv(socket_.get(), message.data(), message.size(), 0);
    if (size <= 0) throw std::runtime_error{"the other side is gone"};
    message.resize(static_cast<std::size_t>(size));
    return message;
}

bool Line::has_message() const {
    pollfd looked_at{.fd = socket_.get(), .events = POLLIN, .revents = 0};
    return ::poll(&looked_at, 1, 1) == 1;
}

void Line::expect(std::string_view message) const {
    const std::string heard = hear();
    if (heard != message)
        throw std::runtime_error{"heard \"" + heard + "\" instead of \"" + std::string{message} + "\""};
}

ActorRegistration::ActorRegistration(const char* name, ActorFunction function) {
    registered()[name] = function;
}

Actor::Actor(const std::string& name, const std::vector<std::string>& arguments,
             const std::map<std::string, std::string>& environment, const std::string& executable)
    : Actor{socket_pair(), name, arguments, environment, executable} {}

Actor::Actor(std::pair<ipc::shm::UniqueFd, ipc::shm::UniqueFd> ends, const std::string& name,
             const std::vector<std::string>& arguments, const std::map<std::string, std::string>& environment,
             const std::string& executable)
    : line{std::move(ends.first)}, process{[&] {
          Process::Start start{.executable = executable,
                               .arguments = arguments,
                               .environment = environment,
                               .without = {},
                               .descriptors = {{.number = line_descriptor, .source = ends.second.get()}}};
          start.environment[name_variable] = name;
          return start;
      }()} {}

bool is_actor() {
    return std::getenv(name_variable) != nullptr;
}

int run_actor(int argc, char** argv) {
    // An actor must not outlive a test that crashed.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const auto found = registered().find(std::getenv(name_variable));
    ::unsetenv(name_variable);
    if (found == registered().end()) return code_of_an_exception;
    try {
        return found->second(Line{ipc::shm::UniqueFd{line_descriptor}}, {argv + 1, argv + argc});
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "actor %s: %s\n", found->first.c_str(), failure.what());
        return code_of_an_exception;
    }
}

}  // namespace harness
