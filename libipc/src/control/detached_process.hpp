// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shm/system_error.hpp"
#include "shm/unique_fd.hpp"

#include <tl/expected.hpp>

#include <string>
#include <vector>

namespace ipc::control {

// The descriptor through which a started program says that it is ready: number and write end in the child.
inline constexpr int ready_descriptor = 3;

// Starts a program that is nobody's child: the application has no zombie and no SIGCHLD of it. Its output
// goes to `log`; of our descriptors it gets the ready pipe alone. Returns the pipe's read end: one byte means
// ready, an end without one means that the program is not to be.
tl::expected<shm::UniqueFd, shm::SystemError> start_detached(const std::string& executable,
                                                             const std::vector<std::string>& arguments,
                                                             const std::string& log);

}  // namespace ipc::control
