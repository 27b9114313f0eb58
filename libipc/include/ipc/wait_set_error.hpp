// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/export.hpp"

#include <cstdint>
#include <string_view>

namespace ipc {

// Why a wait set was not created.
enum class WaitSetCreateError : std::uint8_t {
    InsufficientResources,  // descriptors or memory; the message says what the kernel refused
    InternalFailure,
};

// Why something was not attached.
enum class WaitSetAttachmentError : std::uint8_t {
    AlreadyAttached,        // this port or descriptor is in the set
    InvalidDescriptor,      // closed, or of a kind that cannot be waited for (a regular file, the set itself)
    InvalidDuration,        // an interval or deadline that is not positive
    InsufficientResources,  // descriptors, memory, or watches (fs.epoll.max_user_watches)
    NoBroker,               // it makes a port's descriptor, and is gone
    Timeout,
    ExceedsQuota,
    Interrupted,    // the process was asked to terminate while the broker was asked
    ForkedProcess,  // the set belongs to the process that forked this one
    InternalFailure,
};

// Why a wait set does not wait.
enum class WaitSetRunError : std::uint8_t {
    NoAttachments,  // nothing that could happen
    ForkedProcess,  // the set belongs to the process that forked this one
    InternalFailure,
};

// Why a wait ended.
enum class WaitSetRunResult : std::uint8_t {
    TerminationRequest,  // the process got SIGTERM, now or before
    Interrupt,           // likewise SIGINT
    StopRequest,         // the callback said Stop, or a stop handle did
    AllEventsHandled,    // of wait_and_process_once: the callback was called for all that had happened
};

IPC_API std::string_view to_string(WaitSetCreateError error);
IPC_API std::string_view to_string(WaitSetAttachmentError error);
IPC_API std::string_view to_string(WaitSetRunError error);
IPC_API std::string_view to_string(WaitSetRunResult result);

}  // namespace ipc
