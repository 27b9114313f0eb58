// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/session.hpp"
#include "shm/system_error.hpp"

#include <ipc/expected.hpp>
#include <ipc/wait_set_error.hpp>

#include <chrono>

namespace ipc::wait_set {

// Why something was not attached: the port has no descriptor, the kernel does not watch it, or what was asked
// for cannot be.
Error<WaitSetAttachmentError> attachment_error(control::CallFailure failure);
Error<WaitSetAttachmentError> attachment_error(const shm::SystemError& error, int descriptor);
Error<WaitSetAttachmentError> invalid_duration(std::chrono::nanoseconds duration);
Error<WaitSetAttachmentError> attached_in_forked_process();

Error<WaitSetCreateError> create_error(const shm::SystemError& error);

}  // namespace ipc::wait_set
