// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "harness/process.hpp"
#include "harness/temporary_directory.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace harness {

// The real broker, on a socket of its own in a fresh directory. Accepts when the constructor returns.
class BrokerProcess {
 public:
    struct Options {
        std::vector<std::string> arguments;
        std::map<std::string, std::string> environment;
        std::string configuration;  // text of a configuration file; empty for the built-in one
    };

    BrokerProcess();
    explicit BrokerProcess(const Options& options);

    std::string socket() const { return (directory_.path() / "roudi.sock").string(); }
    // For actors: {"ROUDI_SOCKET", socket()}.
    std::map<std::string, std::string> environment() const { return {{"ROUDI_SOCKET", socket()}}; }
    const std::filesystem::path& directory() const { return directory_.path(); }
    pid_t pid() const { return process_->pid(); }
    Process& process() { return *process_; }

    // SIGKILL; the socket file stays.
    void kill() { process_->kill(); }
    // SIGTERM.
    Ending stop();
    // After an end: a new broker on the same socket.
    void start_again() { start(); }
    // What it wrote to stderr so far.
    std::string log() const;

 private:
    void start();

    TemporaryDirectory directory_;
    Options options_;
    std::optional<Process> process_;
};

}  // namespace harness
