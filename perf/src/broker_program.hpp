// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>

namespace bench {

// A broker of our own, on a socket in a fresh directory. It accepts when the constructor returns, and from
// then on the nodes of this process and of those forked later find it. Ends with this object.
class BrokerProgram {
 public:
    explicit BrokerProgram(const Options& options, const std::string& configuration = "{}");
    BrokerProgram(const BrokerProgram&) = delete;
    BrokerProgram& operator=(const BrokerProgram&) = delete;
    ~BrokerProgram();

    pid_t pid() const { return pid_; }
    std::string socket() const { return directory_ / "roudi.sock"; }

    // SIGKILL; returns when it is dead.
    void kill();
    // After that: another one at the same socket, which accepts when this returns.
    void start_again() { start(); }

    // From just before it was forked until it said that it accepts; of the last one.
    std::chrono::nanoseconds time_to_ready() const { return time_to_ready_; }

 private:
    void start();
    void end(int signal);

    std::string program_;
    std::filesystem::path directory_;
    pid_t pid_ = -1;
    pid_t owner_;
    std::chrono::nanoseconds time_to_ready_{};
};

}  // namespace bench
