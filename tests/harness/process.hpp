// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shm/unique_fd.hpp"

#include <sys/types.h>

#include <map>
#include <ostream>
#include <string>
#include <vector>

namespace harness {

// How long anything may take before a test gives up on it: only ever reached by a failure.
inline constexpr int patience_ms = 60'000;

// How a process ended.
struct Ending {
    bool exited = false;
    int code = 0;    // where it exited
    int signal = 0;  // where it was killed
    friend bool operator==(const Ending&, const Ending&) = default;
    friend std::ostream& operator<<(std::ostream& out, const Ending& ending) {
        return ending.exited ? out << "exited with " << ending.code
                             : out << "killed by signal " << ending.signal;
    }
};

// A child process. Killed, if it still runs, when this object ends.
class Process {
 public:
    struct Descriptor {
        int number;  // in the child
        int source;  // here
    };
    struct Start {
        std::string executable;
        std::vector<std::string> arguments;
        std::map<std::string, std::string> environment;  // on top of ours
        std::vector<std::string> without;                // variables that the child does not get
        std::vector<Descriptor> descriptors;
    };

    explicit Process(const Start& start);
    // A child that is there already.
    explicit Process(pid_t child) : pid_{child}, running_{true} {}
    Process(Process&& other) noexcept;
    Process& operator=(Process&&) = delete;
    ~Process();

    pid_t pid() const { return pid_; }
    void signal(int number) const;
    // SIGSTOP, and waits until no thread of it runs any more: the signal alone leaves them some time.
    void stop() const;
    // Waits for the end; gives up (and throws) after `patience_ms`.
    Ending wait();
    // SIGKILL, and waits.
    void kill();
    bool runs() const { return running_; }

 private:
    pid_t pid_ = -1;
    bool running_ = false;
    Ending ending_;
};

// Of a process that runs: how many descriptors it has open, and how many mappings whose name contains `part`.
std::size_t open_descriptors(pid_t pid);
std::size_t mappings_with(pid_t pid, const std::string& part);

// Asks again and again until it holds; false if it never does. `holds` must do something that takes time,
// such as asking the broker.
template <class Predicate>
bool eventually(Predicate holds);

namespace detail {
bool out_of_patience(long started_ms);
long now_ms();
}  // namespace detail

template <class Predicate>
bool eventually(Predicate holds) {
    const long started = detail::now_ms();
    while (!holds())
        if (detail::out_of_patience(started)) return false;
    return true;
}

}  // namespace harness
