// SPDX-License-Identifier: Apache-2.0
#include "daemon/service_manager.hpp"

#include "daemon/unix_address.hpp"
#include "text/number.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <optional>

namespace roudi {

namespace {

std::optional<std::int64_t> number_of(const char* name) {
    const char* text = std::getenv(name);
    if (text == nullptr) return std::nullopt;
    return number_in<std::int64_t>(text);
}

}  // namespace

ServiceManager::ServiceManager() {
    const char* path = std::getenv("NOTIFY_SOCKET");
    if (path == nullptr) return;
    path_ = path;
    socket_ = ipc::shm::UniqueFd{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    const auto allowed = number_of("WATCHDOG_USEC");
    const auto pid = number_of("WATCHDOG_PID");
    if (allowed && *allowed > 1 && (!pid || *pid == ::getpid()))
        watchdog_interval_ = std::chrono::microseconds{*allowed / 2};
}

void ServiceManager::tell(std::string_view state) const {
    const auto address = UnixAddress::of(path_);
    if (!socket_ || !address) return;
    (void)::sendto(socket_.get(), state.data(), state.size(), MSG_NOSIGNAL, address->get(), address->size);
}

void report_ready(int descriptor) {
    const char byte = '\n';
    while (::write(descriptor, &byte, 1) < 0 && errno == EINTR) {
    }
    ::close(descriptor);
}

}  // namespace roudi
