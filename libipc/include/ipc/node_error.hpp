// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/export.hpp"

#include <cstdint>
#include <string_view>

namespace ipc {

// Why a node was not created.
enum class NodeCreationError : std::uint8_t {
    InvalidName,          // longer than 128 bytes, not UTF-8, or with a NUL
    NoBroker,             // none answers, and none could be started
    Timeout,              // it did not answer in time
    UnsupportedProtocol,  // broker and library have no version in common
    ExceedsQuota,
    NotPermitted,
    OutOfMemory,
    Interrupted,      // the process was asked to terminate
    InternalFailure,  // broker and library do not understand each other, or the process lacks descriptors
};

// Why a question to the broker has no answer.
enum class IntrospectionError : std::uint8_t {
    DoesNotExist,  // what was named
    NoBroker,
    Timeout,
    UnsupportedProtocol,
    ExceedsQuota,
    NotPermitted,
    Interrupted,
    ForkedProcess,
    InternalFailure,
};
using ServiceListError = IntrospectionError;
using ServiceDetailsError = IntrospectionError;
using NodeListError = IntrospectionError;

IPC_API std::string_view to_string(NodeCreationError error);
IPC_API std::string_view to_string(IntrospectionError error);

}  // namespace ipc
