// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ipc::wire {

// Why the broker refused a request. Travels by name, so that numbers may change between versions.
enum class Refusal : std::uint8_t {
    UnsupportedProtocol,
    InvalidName,
    InvalidSetting,
    NotPermitted,
    ExceedsQuota,
    OutOfMemory,
    DoesNotExist,
    AlreadyExists,
    IncompatibleMessagingPattern,
    IncompatibleTypes,
    IncompatibleOverflowBehavior,
    IncompatibleTimestamps,
    DoesNotSupportRequestedMinBufferSize,
    DoesNotSupportRequestedMinHistorySize,
    DoesNotSupportRequestedMinSubscriberBorrowedSamples,
    DoesNotSupportRequestedAmountOfPublishers,
    DoesNotSupportRequestedAmountOfSubscribers,
    IncompatibleDeadline,
    IncompatibleNotifierCreatedEvent,
    IncompatibleNotifierDroppedEvent,
    IncompatibleNotifierDeadEvent,
    DoesNotSupportRequestedMaxEventId,
    DoesNotSupportRequestedAmountOfNotifiers,
    DoesNotSupportRequestedAmountOfListeners,
    DoesNotSupportRequestedAmountOfNodes,
    ExceedsMaxNumberOfNodes,
    ExceedsMaxSupportedPublishers,
    ExceedsMaxSupportedSubscribers,
    ExceedsMaxSupportedNotifiers,
    ExceedsMaxSupportedListeners,
    BufferSizeExceedsMaxSupportedBufferSizeOfService,
    HistoryRequestExceedsHistorySizeOfService,
    EventIdOutOfBounds,
    InternalFailure,
};

inline constexpr std::array<std::string_view, 34> refusal_names{
    "UnsupportedProtocol",
    "InvalidName",
    "InvalidSetting",
    "NotPermitted",
    "ExceedsQuota",
    "OutOfMemory",
    "DoesNotExist",
    "AlreadyExists",
    "IncompatibleMessagingPattern",
    "IncompatibleTypes",
    "IncompatibleOverflowBehavior",
    "IncompatibleTimestamps",
    "DoesNotSupportRequestedMinBufferSize",
    "DoesNotSupportRequestedMinHistorySize",
    "DoesNotSupportRequestedMinSubscriberBorrowedSamples",
    "DoesNotSupportRequestedAmountOfPublishers",
    "DoesNotSupportRequestedAmountOfSubscribers",
    "IncompatibleDeadline",
    "IncompatibleNotifierCreatedEvent",
    "IncompatibleNotifierDroppedEvent",
    "IncompatibleNotifierDeadEvent",
    "DoesNotSupportRequestedMaxEventId",
    "DoesNotSupportRequestedAmountOfNotifiers",
    "DoesNotSupportRequestedAmountOfListeners",
    "DoesNotSupportRequestedAmountOfNodes",
    "ExceedsMaxNumberOfNodes",
    "ExceedsMaxSupportedPublishers",
    "ExceedsMaxSupportedSubscribers",
    "ExceedsMaxSupportedNotifiers",
    "ExceedsMaxSupportedListeners",
    "BufferSizeExceedsMaxSupportedBufferSizeOfService",
    "HistoryRequestExceedsHistorySizeOfService",
    "EventIdOutOfBounds",
    "InternalFailure",
};
static_assert(refusal_names.size() == static_cast<std::size_t>(Refusal::InternalFailure) + 1);

}  // namespace ipc::wire
