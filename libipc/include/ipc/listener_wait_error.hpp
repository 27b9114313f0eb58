// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/export.hpp"

#include <cstdint>
#include <string_view>

namespace ipc {

enum class ListenerWaitError : std::uint8_t {
    ForkedProcess,  // the listener belongs to the process that forked this one
    Interrupted,    // the process was asked to terminate while the call waited
};

IPC_API std::string_view to_string(ListenerWaitError error);

}  // namespace ipc
