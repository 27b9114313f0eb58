// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ipc/publish_subscribe_error.hpp>

#include <array>
#include <string_view>

namespace ipc::detail {

inline constexpr std::array<std::string_view, 11> create_errors{
    "AlreadyExists", "InvalidName", "InvalidSetting", "NoBroker",      "Timeout",        "ExceedsQuota",
    "NotPermitted",  "OutOfMemory", "Interrupted",    "ForkedProcess", "InternalFailure"};
static_assert(create_errors.size() ==
              static_cast<std::size_t>(PublishSubscribeCreateError::InternalFailure) + 1);

inline constexpr std::array<std::string_view, 22> open_errors{
    "DoesNotExist",
    "IncompatibleMessagingPattern",
    "IncompatibleTypes",
    "IncompatibleOverflowBehavior",
    "IncompatibleTimestamps",
    "DoesNotSupportRequestedMinBufferSize",
    "DoesNotSupportRequestedMinHistorySize",
    "DoesNotSupportRequestedMinSubscriberBorrowedSamples",
    "DoesNotSupportRequestedAmountOfPublishers",
    "DoesNotSupportRequestedAmountOfSubscribers",
    "DoesNotSupportRequestedAmountOfNodes",
    "ExceedsMaxNumberOfNodes",
    "InvalidName",
    "InvalidSetting",
    "NoBroker",
    "Timeout",
    "ExceedsQuota",
    "NotPermitted",
    "OutOfMemory",
    "Interrupted",
    "ForkedProcess",
    "InternalFailure"};
static_assert(open_errors.size() == static_cast<std::size_t>(PublishSubscribeOpenError::InternalFailure) + 1);

// SystemInFlux and AlreadyExists, then what open has.
inline constexpr auto open_or_create_errors = [] {
    std::array<std::string_view, open_errors.size() + 2> names{"SystemInFlux", "AlreadyExists"};
    for (std::size_t i = 0; i < open_errors.size(); ++i) names[i + 2] = open_errors[i];
    return names;
}();
static_assert(open_or_create_errors.size() ==
              static_cast<std::size_t>(PublishSubscribeOpenOrCreateError::InternalFailure) + 1);

inline constexpr const auto& error_names(PublishSubscribeCreateError) {
    return create_errors;
}
inline constexpr const auto& error_names(PublishSubscribeOpenError) {
    return open_errors;
}
inline constexpr const auto& error_names(PublishSubscribeOpenOrCreateError) {
    return open_or_create_errors;
}

}  // namespace ipc::detail
