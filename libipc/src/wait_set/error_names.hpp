// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ipc/wait_set_error.hpp>

#include <array>
#include <string_view>

namespace ipc::wait_set {

inline constexpr std::array<std::string_view, 2> wait_set_create_errors{"InsufficientResources",
                                                                        "InternalFailure"};
static_assert(wait_set_create_errors.size() ==
              static_cast<std::size_t>(WaitSetCreateError::InternalFailure) + 1);

inline constexpr std::array<std::string_view, 10> wait_set_attachment_errors{
    "AlreadyAttached", "InvalidDescriptor", "InvalidDuration", "InsufficientResources", "NoBroker",
    "Timeout",         "ExceedsQuota",      "Interrupted",     "ForkedProcess",         "InternalFailure"};
static_assert(wait_set_attachment_errors.size() ==
              static_cast<std::size_t>(WaitSetAttachmentError::InternalFailure) + 1);

inline constexpr std::array<std::string_view, 3> wait_set_run_errors{"NoAttachments", "ForkedProcess",
                                                                     "InternalFailure"};
static_assert(wait_set_run_errors.size() == static_cast<std::size_t>(WaitSetRunError::InternalFailure) + 1);

inline constexpr std::array<std::string_view, 4> wait_set_run_results{"TerminationRequest", "Interrupt",
                                                                      "StopRequest", "AllEventsHandled"};
static_assert(wait_set_run_results.size() ==
              static_cast<std::size_t>(WaitSetRunResult::AllEventsHandled) + 1);

}  // namespace ipc::wait_set
