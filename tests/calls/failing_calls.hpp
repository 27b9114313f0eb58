// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shm/unique_fd.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

struct seccomp_notif;

namespace calls {

// Which call is to fail: so many eligible calls are let through before, and the error is the
// `alternative`-th of those that this call may have.
struct Chosen {
    std::uint64_t call = 0;
    std::uint64_t alternative = 0;
};

// Runs something whose system calls come past us first: the kernel asks a thread of ours about each
// (seccomp's user notification), and one of them fails instead of being made. Neither the library nor the
// broker knows of it. What is asked about are calls that the kernel may refuse to who did nothing wrong, with
// the errors it then has: no descriptors, no memory, no space, an interruption, a failing device. Not close,
// munmap, and what else cannot fail or is not looked at by anybody; nor anonymous memory: who allocates has
// no other way.
class FailingCalls {
 public:
    enum class Whose : std::uint8_t { OfThreads, OfPrograms };  // what is started: threads here, or programs

    // Runs `body` on a thread of its own. `whose`: the calls of that thread and of those that it starts, or
    // only those of the programs that it starts.
    FailingCalls(Whose whose, Chosen chosen, const std::function<void()>& body);
    FailingCalls(const FailingCalls&) = delete;
    FailingCalls& operator=(const FailingCalls&) = delete;
    // Waits until all of them have ended: for programs, their processes.
    ~FailingCalls();

    // Whether this kernel, or the sandbox around us, allows it.
    static bool possible();

    // Eligible calls so far.
    std::uint64_t count() const { return count_; }
    bool has_failed() const { return failed_; }
    // The one that failed: "openat: Too many open files".
    std::string what() const;
    // How many errors that call could have had, and so how many alternatives there are.
    std::uint64_t alternatives() const { return alternatives_; }

 private:
    void watch();
    int error_for(const seccomp_notif& asked);

    Whose whose_;
    Chosen chosen_;
    ipc::shm::UniqueFd listener_;
    std::atomic<std::uint64_t> count_ = 0;
    std::atomic<std::uint64_t> alternatives_ = 0;
    std::atomic<int> failed_call_ = 0;
    std::atomic<int> failed_with_ = 0;
    std::atomic<bool> failed_ = false;
    std::thread watcher_;
};

}  // namespace calls
