// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shm/system_error.hpp"

#include <tl/expected.hpp>

#include <memory>

namespace ipc::control {

// The process's request to end: SIGINT and SIGTERM, while any node asks for them to be handled. A request
// stays for the life of the process. A handler that was there before is called as well; a signal that was
// ignored (nohup) stays ignored. The last user puts back what was there, unless somebody replaced it since.
// A forked child does not inherit any of this: a signal there does what it did before.
class Termination {
 public:
    // One for all users of the process.
    static tl::expected<std::shared_ptr<Termination>, shm::SystemError> handle();
    ~Termination();
    Termination(const Termination&) = delete;
    Termination& operator=(const Termination&) = delete;

    bool requested() const;
    // Which signal asked for it, the first if several did; 0 if none.
    int signal() const;
    // Readable once it was requested, and from then on: never read.
    int descriptor() const;

 private:
    Termination() = default;
};

}  // namespace ipc::control
