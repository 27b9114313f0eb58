// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/export.hpp"

#include <cstdint>
#include <string_view>

namespace ipc {

enum class NotifyError : std::uint8_t {
    EventIdOutOfBounds,  // above the service's event_id_max_value; nobody was notified
    MissedDeadline,      // later than the service's deadline; everybody was notified all the same
    NotConnected,        // there is no such listener, or not any more
    ForkedProcess,       // the notifier belongs to the process that forked this one
};

IPC_API std::string_view to_string(NotifyError error);

}  // namespace ipc
