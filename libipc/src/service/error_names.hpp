// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ipc/event_error.hpp>
#include <ipc/publish_subscribe_error.hpp>
#include <ipc/request_response_error.hpp>

#include <array>
#include <string_view>

namespace ipc::detail {

// The same for every messaging pattern.
inline constexpr std::array<std::string_view, 11> create_errors{
    "AlreadyExists", "InvalidName", "InvalidSetting", "NoBroker",      "Timeout",        "ExceedsQuota",
    "NotPermitted",  "OutOfMemory", "Interrupted",    "ForkedProcess", "InternalFailure"};
static_assert(create_errors.size() ==
              static_cast<std::size_t>(PublishSubscribeCreateError::InternalFailure) + 1);
static_assert(create_errors.size() == static_cast<std::size_t>(EventCreateError::InternalFailure) + 1);
static_assert(create_errors.size() ==
              static_cast<std::size_t>(RequestResponseCreateError::InternalFailure) + 1);

inline constexpr std::array<std::string_view, 25> publish_subscribe_open_errors{
    "DoesNotExist",
    "IncompatibleMessagingPattern",
    "IncompatibleAttributes",
    "IncompatibleTypes",
    "IncompatibleSchema",
    "IncompatibleOverflowBehavior",
    "IncompatibleTimestamps",
    "IncompatibleLatching",
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
static_assert(publish_subscribe_open_errors.size() ==
              static_cast<std::size_t>(PublishSubscribeOpenError::InternalFailure) + 1);

inline constexpr std::array<std::string_view, 22> event_open_errors{
    "DoesNotExist",
    "IncompatibleMessagingPattern",
    "IncompatibleAttributes",
    "IncompatibleDeadline",
    "IncompatibleNotifierCreatedEvent",
    "IncompatibleNotifierDroppedEvent",
    "IncompatibleNotifierDeadEvent",
    "DoesNotSupportRequestedMaxEventId",
    "DoesNotSupportRequestedAmountOfNotifiers",
    "DoesNotSupportRequestedAmountOfListeners",
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
static_assert(event_open_errors.size() == static_cast<std::size_t>(EventOpenError::InternalFailure) + 1);

inline constexpr std::array<std::string_view, 28> request_response_open_errors{
    "DoesNotExist",
    "IncompatibleMessagingPattern",
    "IncompatibleAttributes",
    "IncompatibleRequestType",
    "IncompatibleResponseType",
    "IncompatibleRequestSchema",
    "IncompatibleResponseSchema",
    "IncompatibleOverflowBehaviorForRequests",
    "IncompatibleOverflowBehaviorForResponses",
    "IncompatibleBehaviorForFireAndForgetRequests",
    "DoesNotSupportRequestedAmountOfActiveRequestsPerClient",
    "DoesNotSupportRequestedAmountOfClientRequestLoans",
    "DoesNotSupportRequestedResponseBufferSize",
    "DoesNotSupportRequestedAmountOfBorrowedResponsesPerPendingResponse",
    "DoesNotSupportRequestedAmountOfClients",
    "DoesNotSupportRequestedAmountOfServers",
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
static_assert(request_response_open_errors.size() ==
              static_cast<std::size_t>(RequestResponseOpenError::InternalFailure) + 1);

// SystemInFlux and AlreadyExists, then what open has.
template <std::size_t Count>
constexpr auto with_those_of_creating(const std::array<std::string_view, Count>& open_errors) {
    std::array<std::string_view, Count + 2> names{"SystemInFlux", "AlreadyExists"};
    for (std::size_t i = 0; i < Count; ++i) names[i + 2] = open_errors[i];
    return names;
}

inline constexpr auto publish_subscribe_open_or_create_errors =
    with_those_of_creating(publish_subscribe_open_errors);
static_assert(publish_subscribe_open_or_create_errors.size() ==
              static_cast<std::size_t>(PublishSubscribeOpenOrCreateError::InternalFailure) + 1);

inline constexpr auto event_open_or_create_errors = with_those_of_creating(event_open_errors);
static_assert(event_open_or_create_errors.size() ==
              static_cast<std::size_t>(EventOpenOrCreateError::InternalFailure) + 1);

inline constexpr auto request_response_open_or_create_errors =
    with_those_of_creating(request_response_open_errors);
static_assert(request_response_open_or_create_errors.size() ==
              static_cast<std::size_t>(RequestResponseOpenOrCreateError::InternalFailure) + 1);

inline constexpr const auto& error_names(PublishSubscribeCreateError) {
    return create_errors;
}
inline constexpr const auto& error_names(PublishSubscribeOpenError) {
    return publish_subscribe_open_errors;
}
inline constexpr const auto& error_names(PublishSubscribeOpenOrCreateError) {
    return publish_subscribe_open_or_create_errors;
}
inline constexpr const auto& error_names(EventCreateError) {
    return create_errors;
}
inline constexpr const auto& error_names(EventOpenError) {
    return event_open_errors;
}
inline constexpr const auto& error_names(EventOpenOrCreateError) {
    return event_open_or_create_errors;
}
inline constexpr const auto& error_names(RequestResponseCreateError) {
    return create_errors;
}
inline constexpr const auto& error_names(RequestResponseOpenError) {
    return request_response_open_errors;
}
inline constexpr const auto& error_names(RequestResponseOpenOrCreateError) {
    return request_response_open_or_create_errors;
}

template <class Error>
std::string_view error_name(Error error) {
    return error_names(error)[static_cast<std::size_t>(error)];
}

}  // namespace ipc::detail
