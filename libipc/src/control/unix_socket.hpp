// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/session.hpp"
#include "shm/system_error.hpp"
#include "shm/unique_fd.hpp"

#include <tl/expected.hpp>

#include <string>

namespace ipc::control {

// A non-blocking stream to whoever listens at that path. Waits where his queue is full; EAGAIN at the
// deadline.
tl::expected<shm::UniqueFd, shm::SystemError> connect_unix(const std::string& path,
                                                           Clock::time_point deadline);

// Likewise, and does not wait: EAGAIN where the broker has no room for more just now.
tl::expected<shm::UniqueFd, shm::SystemError> try_to_connect_unix(const std::string& path);

}  // namespace ipc::control
