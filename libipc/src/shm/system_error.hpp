// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tl/expected.hpp>

#include <string>

namespace ipc::shm {

// A system call that failed: which, and with what errno.
struct SystemError {
    const char* operation = "";
    int code = 0;

    std::string message() const;
};

// Of the call that just failed: takes errno.
tl::unexpected<SystemError> failed(const char* operation);

}  // namespace ipc::shm
