// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/export.hpp"

#include <cstdint>
#include <string_view>

namespace ipc {

enum class ReceiveError : std::uint8_t {
    ExceedsMaxBorrows,  // something is there, but as many samples of its publisher are held as the service
                        // allows
    ForkedProcess,      // the subscriber belongs to the process that forked this one
    Interrupted,        // the process was asked to terminate while the call waited
};

IPC_API std::string_view to_string(ReceiveError error);

}  // namespace ipc
