// SPDX-License-Identifier: Apache-2.0
#include "crash/mortal.hpp"

#include "crash/steps.hpp"
#include "harness/world.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <map>
#include <sstream>

namespace crash {

namespace {

std::map<std::string, Operation>& operations() {
    static std::map<std::string, Operation> all;
    return all;
}

[[noreturn]] void live(const harness::Line& test, const std::string& order) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    std::istringstream words{order};
    std::string name;
    std::string socket;
    std::uint64_t last_step = 0;
    long long bound = 0;
    words >> name >> socket >> last_step >> bound;
    try {
        Mortal mortal{
            test,
            {.socket = socket, .last_step = last_step, .creation_bound = std::chrono::nanoseconds{bound}}};
        operations().at(name)(mortal);
    } catch (const std::exception& failure) {
        test.tell(name + " failed: " + failure.what());
    }
    while (true) ::pause();
}

// Has no node and no thread, so what it forks is as good as a fresh process, and there at once. While the
// child lives, it has the line.
ACTOR(begetter) {
    while (true) {
        const std::string order = test.hear();
        const pid_t child = ::fork();
        if (child == 0) live(test, order);
        int status = 0;
        ::waitpid(child, &status, 0);
        test.tell(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL
                      ? "killed"
                      : "ended by itself, status " + std::to_string(status));
    }
}

}  // namespace

OperationRegistration::OperationRegistration(const char* name, Operation operation) {
    operations()[name] = operation;
}

ipc::Node& Mortal::node() {
    if (!node_) {
        auto config = harness::config_for(order_.socket);
        config.creation_bound = order_.creation_bound;
        config.autostart = false;
        node_ = harness::node_with(config, "mortal", false);
    }
    return *node_;
}

void Mortal::goes_its_way() const {
    test_.tell("ready " + std::to_string(::getpid()) + " 0");
}

void Mortal::begins(std::uint64_t done) {
    test_.tell("ready " + std::to_string(::getpid()) + " " + std::to_string(done));
    std::array<pollfd, 2> watched{
        pollfd{.fd = test_.descriptor(), .events = POLLIN, .revents = 0},
        pollfd{.fd = node_ ? node_->control_descriptor() : -1, .events = POLLIN, .revents = 0}};
    while (watched[0].revents == 0) {
        ::poll(watched.data(), watched.size(), -1);
        if (watched[1].revents != 0) node_->process();
    }
    test_.expect("go");
    count_steps(order_.last_step, test_.descriptor());
}

void Mortal::ends() {
    test_.tell("done " + std::to_string(steps_counted()) + " " + std::string{kinds_of_steps()});
    while (true) ::pause();
}

}  // namespace crash
