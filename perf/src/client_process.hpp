// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <functional>

namespace bench {

// A process that waits until it is told to go, does something and stays, until this object ends or it is
// killed. Forked at once: there must be no other thread yet, and a broker may come later.
class ClientProcess {
 public:
    // `life(ready)` runs in the new process, calls ready() once and does not return before its end.
    explicit ClientProcess(const std::function<void(const std::function<void()>& ready)>& life);
    ClientProcess(const ClientProcess&) = delete;
    ClientProcess& operator=(const ClientProcess&) = delete;
    ~ClientProcess();

    // Returns when it has said that it is ready.
    void go() const;
    void kill();
    pid_t pid() const { return pid_; }

 private:
    int line_ = -1;
    pid_t pid_ = -1;
};

}  // namespace bench
