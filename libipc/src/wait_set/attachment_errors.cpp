// SPDX-License-Identifier: Apache-2.0
#include "attachment_errors.hpp"

#include "control/code_of.hpp"
#include "wait_set/error_names.hpp"

#include <cerrno>
#include <string>
#include <utility>

namespace ipc::wait_set {

namespace {

using Code = WaitSetAttachmentError;

bool is_shortage(int error) {
    return error == EMFILE || error == ENFILE || error == ENOMEM || error == ENOSPC;
}

}  // namespace

Error<WaitSetAttachmentError> attachment_error(control::CallFailure failure) {
    return control::public_error<Code>(std::move(failure), wait_set_attachment_errors);
}

Error<WaitSetAttachmentError> attachment_error(const shm::SystemError& error, int descriptor) {
    const std::string which = "descriptor " + std::to_string(descriptor);
    switch (error.code) {
        case EEXIST:
            return {Code::AlreadyAttached, which +
                                               " is in this wait set already: a port or descriptor has "
                                               "one attachment, with a deadline or without"};
        case EBADF:
            return {Code::InvalidDescriptor, which + " is not open"};
        case EPERM:
            return {Code::InvalidDescriptor,
                    which + " is of a kind that the kernel cannot wait for, such as a regular file"};
        case EINVAL:
        case ELOOP:
            return {Code::InvalidDescriptor,
                    which + " is this wait set itself, or a set that waits for it, or too deep in others"};
        default:
            return {is_shortage(error.code) ? Code::InsufficientResources : Code::InternalFailure,
                    which + " cannot be attached: " + error.message()};
    }
}

Error<WaitSetAttachmentError> invalid_duration(std::chrono::nanoseconds duration) {
    return {Code::InvalidDuration, "an interval or deadline is more than 0 ns; this one is " +
                                       std::to_string(duration.count()) + " ns"};
}

Error<WaitSetAttachmentError> attached_in_forked_process() {
    return {Code::ForkedProcess,
            "this wait set belongs to the process that forked this one; create a wait set here"};
}

Error<WaitSetCreateError> create_error(const shm::SystemError& error) {
    return {is_shortage(error.code) ? WaitSetCreateError::InsufficientResources
                                    : WaitSetCreateError::InternalFailure,
            "the kernel refuses what a wait set is made of: " + error.message()};
}

}  // namespace ipc::wait_set
