// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shm/system_error.hpp"
#include "shm/unique_fd.hpp"

#include <tl/expected.hpp>

#include <string>

namespace ipc::control {

// A non-blocking stream to whoever listens at that path. EAGAIN where his queue is full.
tl::expected<shm::UniqueFd, shm::SystemError> connect_unix(const std::string& path);

}  // namespace ipc::control
