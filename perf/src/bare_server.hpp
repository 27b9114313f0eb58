// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

namespace bench {

// What the kernel alone charges for a question to another process, and for a segment from it: a process that
// answers bytes and hands out memory files, with no more code around it than that.
class BareServer {
 public:
    // Forks; there must be no other thread yet.
    BareServer();
    BareServer(const BareServer&) = delete;
    BareServer& operator=(const BareServer&) = delete;
    ~BareServer();

    pid_t pid() const { return pid_; }

    // Microseconds of a question and its answer over a Unix socket, where both sides sleep until they are
    // asked.
    double round_trip() const;
    // Microseconds from before the other process makes a segment until it is mapped here.
    double hand_over() const;

 private:
    int socket_ = -1;
    pid_t pid_ = -1;
};

}  // namespace bench
