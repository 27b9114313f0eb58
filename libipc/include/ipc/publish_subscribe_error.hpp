// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/export.hpp"

#include <cstdint>
#include <string_view>

namespace ipc {

// Why a publish-subscribe service was not created.
enum class PublishSubscribeCreateError : std::uint8_t {
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
enum class PublishSubscribeOpenError : std::uint8_t {
    DoesNotExist,
    IncompatibleMessagingPattern,
    IncompatibleAttributes,        // one that was required is missing, or has other values
    IncompatibleTypes,             // payload or user header: name, size, alignment or variant differ
    IncompatibleSchema,            // of the payload, where both say something
    IncompatibleOverflowBehavior,  // enable_safe_overflow
    IncompatibleTimestamps,        // enable_timestamps
    IncompatibleLatching,          // latched
    DoesNotSupportRequestedMinBufferSize,
    DoesNotSupportRequestedMinHistorySize,
    DoesNotSupportRequestedMinSubscriberBorrowedSamples,
    DoesNotSupportRequestedAmountOfPublishers,
    DoesNotSupportRequestedAmountOfSubscribers,
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
enum class PublishSubscribeOpenOrCreateError : std::uint8_t {
    SystemInFlux,  // created and removed by others again and again meanwhile; this broker decides at once, so
                   // that it does not happen
    AlreadyExists,
    DoesNotExist,
    IncompatibleMessagingPattern,
    IncompatibleAttributes,
    IncompatibleTypes,
    IncompatibleSchema,
    IncompatibleOverflowBehavior,
    IncompatibleTimestamps,
    IncompatibleLatching,
    DoesNotSupportRequestedMinBufferSize,
    DoesNotSupportRequestedMinHistorySize,
    DoesNotSupportRequestedMinSubscriberBorrowedSamples,
    DoesNotSupportRequestedAmountOfPublishers,
    DoesNotSupportRequestedAmountOfSubscribers,
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

IPC_API std::string_view to_string(PublishSubscribeCreateError error);
IPC_API std::string_view to_string(PublishSubscribeOpenError error);
IPC_API std::string_view to_string(PublishSubscribeOpenOrCreateError error);

}  // namespace ipc
