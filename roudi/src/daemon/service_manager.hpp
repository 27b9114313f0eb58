// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shm/unique_fd.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace roudi {

// Tells a service manager how we are, if one wants to know (NOTIFY_SOCKET): readiness, status, watchdog.
class ServiceManager {
 public:
    ServiceManager();

    // "READY=1" and the like, several lines at once. A manager that does not listen changes nothing for us.
    void tell(std::string_view state) const;
    // How often it wants to hear WATCHDOG=1: half of what it allows.
    std::optional<std::chrono::microseconds> watchdog_interval() const { return watchdog_interval_; }

 private:
    ipc::shm::UniqueFd socket_;
    std::string path_;
    std::optional<std::chrono::microseconds> watchdog_interval_;
};

// The descriptor that whoever started us waits at: one byte when we accept.
void report_ready(int descriptor);

}  // namespace roudi
