// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "harness/actor.hpp"
#include "harness/broker_process.hpp"

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace crash {

// One after the other, processes that are killed.
class Victim {
 public:
    // What the survivors do while one seems to wait for them.
    using Relief = std::function<void()>;

    explicit Victim(const harness::BrokerProcess& broker) : socket_{broker.socket()}, begetter_{"begetter"} {}

    // A process that is about to begin this operation, and will halt before that step.
    void prepare(const std::string& operation, std::uint64_t last_step,
                 std::chrono::nanoseconds creation_bound, const Relief& relief);
    // Lets it go on. True: it stands before the step; false: there is none such, and the operation is over.
    bool go_on(const Relief& relief);
    // SIGKILL.
    void die();

    // How much of what it sent before the operation has to reach the survivors.
    std::uint64_t done() const { return done_; }
    // What it said last: where it stands, or how many steps there are.
    const std::string& said() const { return said_; }

 private:
    std::string hear(const Relief& relief) const;

    std::string socket_;
    harness::Actor begetter_;
    pid_t pid_ = -1;
    std::uint64_t done_ = 0;
    std::string said_;
};

}  // namespace crash
