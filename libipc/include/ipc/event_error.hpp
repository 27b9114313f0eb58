// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/export.hpp"

#include <cstdint>
#include <string_view>

namespace ipc {

// Why an event service was not created.
enum class EventCreateError : std::uint8_t {
    AlreadyExists,
    InvalidName,     // empty, longer than 255 bytes, not UTF-8, or with a NUL
    InvalidSetting,  // a number out of its range; the message names it
    NoBroker,        // it is gone
    Timeout,         // it did not answer in time
    ExceedsQuota,    // of the user or the session
    NotPermitted,
    OutOfMemory,
    Interrupted,      // the process was asked to terminate
    ForkedProcess,    // the node belongs to the process that forked this one
    InternalFailure,  // broker and library do not understand each other
};

// Why one was not opened. Requirements are what the builder was told; all else is as the creator wanted it.
enum class EventOpenError : std::uint8_t {
    DoesNotExist,
    IncompatibleMessagingPattern,
    IncompatibleAttributes,  // one that was required is missing, or has other values
    IncompatibleDeadline,    // another one, or none where there is one
    IncompatibleNotifierCreatedEvent,
    IncompatibleNotifierDroppedEvent,
    IncompatibleNotifierDeadEvent,
    DoesNotSupportRequestedMaxEventId,  // event_id_max_value
    DoesNotSupportRequestedAmountOfNotifiers,
    DoesNotSupportRequestedAmountOfListeners,
    DoesNotSupportRequestedAmountOfNodes,
    ExceedsMaxNumberOfNodes,  // as many nodes have it open as its max_nodes allows
    InvalidName,
    InvalidSetting,
    NoBroker,
    Timeout,
    ExceedsQuota,
    NotPermitted,  // the service belongs to another user
    OutOfMemory,
    Interrupted,
    ForkedProcess,
    InternalFailure,
};

// Both, and
enum class EventOpenOrCreateError : std::uint8_t {
    SystemInFlux,  // created and removed by others again and again meanwhile; this broker decides at once, so
                   // that it does not happen
    AlreadyExists,
    DoesNotExist,
    IncompatibleMessagingPattern,
    IncompatibleAttributes,
    IncompatibleDeadline,
    IncompatibleNotifierCreatedEvent,
    IncompatibleNotifierDroppedEvent,
    IncompatibleNotifierDeadEvent,
    DoesNotSupportRequestedMaxEventId,
    DoesNotSupportRequestedAmountOfNotifiers,
    DoesNotSupportRequestedAmountOfListeners,
    DoesNotSupportRequestedAmountOfNodes,
    ExceedsMaxNumberOfNodes,
    InvalidName,
    InvalidSetting,
    NoBroker,
    Timeout,
    ExceedsQuota,
    NotPermitted,
    OutOfMemory,
    Interrupted,
    ForkedProcess,
    InternalFailure,
};

IPC_API std::string_view to_string(EventCreateError error);
IPC_API std::string_view to_string(EventOpenError error);
IPC_API std::string_view to_string(EventOpenOrCreateError error);

}  // namespace ipc
