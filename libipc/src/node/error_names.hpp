// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ipc/node_error.hpp>

#include <array>
#include <string_view>

namespace ipc::detail {

inline constexpr std::array<std::string_view, 9> node_creation_errors{
    "InvalidName",  "NoBroker",    "Timeout",     "UnsupportedProtocol", "ExceedsQuota",
    "NotPermitted", "OutOfMemory", "Interrupted", "InternalFailure"};
static_assert(node_creation_errors.size() ==
              static_cast<std::size_t>(NodeCreationError::InternalFailure) + 1);

inline constexpr std::array<std::string_view, 9> introspection_errors{
    "DoesNotExist", "NoBroker",    "Timeout",       "UnsupportedProtocol", "ExceedsQuota",
    "NotPermitted", "Interrupted", "ForkedProcess", "InternalFailure"};
static_assert(introspection_errors.size() ==
              static_cast<std::size_t>(IntrospectionError::InternalFailure) + 1);

}  // namespace ipc::detail
