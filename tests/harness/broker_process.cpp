// SPDX-License-Identifier: Apache-2.0
#include "broker_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace harness {

BrokerProcess::BrokerProcess() : BrokerProcess{Options{}} {}

BrokerProcess::BrokerProcess(const Options& options) : options_{options} {
    start();
}

void BrokerProcess::start() {
    constexpr int ready_descriptor = 3;
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error{"no pipe"};
    const ipc::shm::UniqueFd heard{ends[0]};
    ipc::shm::UniqueFd told{ends[1]};
    const ipc::shm::UniqueFd log{
        ::open((directory_.path() / "log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)};

    const std::string configuration = (directory_.path() / "roudi.json").string();
    std::ofstream{configuration} << (options_.configuration.empty() ? "{}" : options_.configuration);
    Process::Start start{.executable = ROUDI_PATH,
                         .arguments = {"--socket", socket(), "--config", configuration},
                         .environment = options_.environment,
                         .without = {"NOTIFY_SOCKET", "LISTEN_FDS", "LISTEN_PID"},
                         .descriptors = {{.number = ready_descriptor, .source = told.get()},
                                         {.number = STDERR_FILENO, .source = log.get()}}};
    start.arguments.insert(start.arguments.end(), options_.arguments.begin(), options_.arguments.end());
    start.environment["ROUDI_READY_FD"] = std::to_string(ready_descriptor);
    process_.emplace(start);
    told.reset();

    pollfd waited{.fd = heard.get(), .events = POLLIN, .revents = 0};
    char byte = 0;
    if (::poll(&waited, 1, patience_ms) != 1 || ::read(heard.get(), &byte, 1) != 1)
        throw std::runtime_error{"the broker did not start:\n" + this->log()};
}

Ending BrokerProcess::stop() {
    process_->signal(SIGTERM);
    return process_->wait();
}

std::string BrokerProcess::log() const {
    std::ostringstream text;
    text << std::ifstream{directory_.path() / "log"}.rdbuf();
    return text.str();
}

}  // namespace harness
