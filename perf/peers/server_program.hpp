// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <signal.h>
#include <sys/types.h>

#include <string>
#include <vector>

namespace bench {

// A server that a contestant needs, from its first word that it is ready until this object ends in the
// process that made it.
class ServerProgram {
 public:
    // `ready`: what it has written then. `farewell`: the signal that ends it.
    ServerProgram(const std::vector<std::string>& command, const std::string& ready, int farewell = SIGTERM);
    ServerProgram(const ServerProgram&) = delete;
    ServerProgram& operator=(const ServerProgram&) = delete;
    ~ServerProgram();

    // Not in a process that was forked later.
    bool is_ours() const;

 private:
    pid_t pid_ = -1;
    pid_t owner_;
    int farewell_;
    int output_ = -1;  // stays open: who writes to nobody is ended
};

}  // namespace bench
