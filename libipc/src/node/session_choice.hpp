// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/session_settings.hpp"

#include <ipc/config.hpp>

namespace ipc::detail {

inline control::SessionSettings session_settings(const Config& config) {
    control::SessionSettings settings;
    settings.broker = {.local = false,
                       .socket = config.socket,
                       .domain = config.domain,
                       .autostart = config.autostart,
                       .executable = config.broker_executable,
                       .idle_exit = config.autostart_idle_exit};
    settings.timeout = config.timeout;
    settings.creation_bound = config.creation_bound;
    settings.membarrier = config.membarrier;
    return settings;
}

}  // namespace ipc::detail
