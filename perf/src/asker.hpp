// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "broker_program.hpp"
#include "client_process.hpp"
#include "shared_memory.hpp"

#include <ipc/ipc.hpp>

#include <array>
#include <chrono>
#include <functional>
#include <string>

namespace bench {

// Wakes another process, which sleeps until then.
class Call {
 public:
    Call();
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;
    ~Call();

    void give() const;
    void take() const;
    // False: it did not come in time.
    [[nodiscard]] bool take(std::chrono::milliseconds timeout) const;

 private:
    std::array<int, 2> ends_{};
};

// A process with a node of its own, which makes something new there as soon as it is asked to. Forked at
// once: there must be no other thread yet.
class Asker {
 public:
    // Calls `done` when it has what it wanted, and drops it after that. `name`: another one each time.
    using Wish = std::function<void(const ipc::Node& node, const std::string& name,
                                    const std::function<void()>& done)>;

    Asker(const BrokerProgram& broker, SharedMemory& memory, const Wish& wish);

    // Returns when its node is there.
    void begin() const { process_.go(); }
    void ask() const { asked_.give(); }
    // When it had what it wanted. It keeps that until it is dismissed.
    std::chrono::steady_clock::time_point wait() const;
    void dismiss() const { dismissed_.give(); }

 private:
    Call asked_, done_, dismissed_;
    Word& done_ns_;
    ClientProcess process_;
};

}  // namespace bench
