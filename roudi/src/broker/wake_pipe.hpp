// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shm/system_error.hpp"
#include "shm/unique_fd.hpp"

#include <tl/expected.hpp>

namespace roudi {

namespace shm = ipc::shm;

// What wakes a sleeping port: a pipe that belongs to the broker's user with mode 0600, so that a client of
// another user can write to the end it was given, and cannot reopen it to swallow what others wrote.
struct WakePipe {
    shm::UniqueFd readable;
    shm::UniqueFd writable;

    static tl::expected<WakePipe, shm::SystemError> create();
};

// A write end with an open file description of its own: nobody who has another one can change its flags.
tl::expected<shm::UniqueFd, shm::SystemError> open_wake_handle(const shm::UniqueFd& writable);

}  // namespace roudi
