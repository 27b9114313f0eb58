// SPDX-License-Identifier: Apache-2.0
#include "port/wake.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace ipc::port {

void wake(int line) {
    if (line >= 0) (void)::shutdown(line, SHUT_RDWR);
}

bool drain(int set) {
    // As many counterparts as a port can have. One that wakes without a pause is found once by each look: the
    // next sleep will be short, and this ends.
    constexpr int most_looks = 1024;
    std::array<epoll_event, 64> events;
    bool any = false;
    for (int look = 0; look < most_looks; ++look) {
        const int count = ::epoll_wait(set, events.data(), events.size(), 0);
        if (count > 0) any = true;
        if (count == static_cast<int>(events.size()) || (count < 0 && errno == EINTR)) continue;
        break;
    }
    return any;
}

}  // namespace ipc::port
