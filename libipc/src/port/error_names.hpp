// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ipc/listener_wait_error.hpp>
#include <ipc/notify_error.hpp>
#include <ipc/port_error.hpp>

#include <array>
#include <string_view>

// The names of the errors of ports, each table in the order of its enum. What the broker refuses bears the
// same name there (see control/code_of.hpp).
namespace ipc::port {

inline constexpr std::array<std::string_view, 11> publisher_create_errors{"ExceedsMaxSupportedPublishers",
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
static_assert(publisher_create_errors.size() ==
              static_cast<std::size_t>(PublisherCreateError::InternalFailure) + 1);

inline constexpr std::array<std::string_view, 13> subscriber_create_errors{
    "ExceedsMaxSupportedSubscribers",
    "BufferSizeExceedsMaxSupportedBufferSizeOfService",
    "HistoryRequestExceedsHistorySizeOfService",
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
static_assert(subscriber_create_errors.size() ==
              static_cast<std::size_t>(SubscriberCreateError::InternalFailure) + 1);

inline constexpr std::array<std::string_view, 12> notifier_create_errors{"ExceedsMaxSupportedNotifiers",
                                                                         "EventIdOutOfBounds",
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
static_assert(notifier_create_errors.size() ==
              static_cast<std::size_t>(NotifierCreateError::InternalFailure) + 1);

inline constexpr std::array<std::string_view, 11> listener_create_errors{"ExceedsMaxSupportedListeners",
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
static_assert(listener_create_errors.size() ==
              static_cast<std::size_t>(ListenerCreateError::InternalFailure) + 1);

inline constexpr std::array<std::string_view, 11> client_create_errors{"ExceedsMaxSupportedClients",
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
static_assert(client_create_errors.size() ==
              static_cast<std::size_t>(ClientCreateError::InternalFailure) + 1);

inline constexpr std::array<std::string_view, 11> server_create_errors{"ExceedsMaxSupportedServers",
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
static_assert(server_create_errors.size() ==
              static_cast<std::size_t>(ServerCreateError::InternalFailure) + 1);

inline constexpr std::array<std::string_view, 6> file_descriptor_errors{
    "NoBroker", "Timeout", "ExceedsQuota", "Interrupted", "ForkedProcess", "InternalFailure"};
static_assert(file_descriptor_errors.size() ==
              static_cast<std::size_t>(FileDescriptorError::InternalFailure) + 1);

inline constexpr std::array<std::string_view, 4> notify_errors{"EventIdOutOfBounds", "MissedDeadline",
                                                               "NotConnected", "ForkedProcess"};
static_assert(notify_errors.size() == static_cast<std::size_t>(NotifyError::ForkedProcess) + 1);

inline constexpr std::array<std::string_view, 2> listener_wait_errors{"ForkedProcess", "Interrupted"};
static_assert(listener_wait_errors.size() == static_cast<std::size_t>(ListenerWaitError::Interrupted) + 1);

}  // namespace ipc::port
