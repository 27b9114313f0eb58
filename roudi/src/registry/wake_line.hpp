// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shm/system_error.hpp"
#include "shm/unique_fd.hpp"

#include <tl/expected.hpp>

namespace roudi {

namespace shm = ipc::shm;

// What wakes a sleeping port for one of its counterparts; how, and why like this:
// libipc/src/control/wake_set.hpp.
struct WakeLine {
    shm::UniqueFd waker;  // the end of who wakes
    shm::UniqueFd woken;  // and of who sleeps

    static tl::expected<WakeLine, shm::SystemError> create();
};

}  // namespace roudi
