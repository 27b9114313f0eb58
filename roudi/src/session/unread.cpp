// SPDX-License-Identifier: Apache-2.0
#include "session/unread.hpp"

#include <linux/sockios.h>
#include <sys/ioctl.h>

namespace roudi {

namespace {

// In the kernel's own measure, which counts what a message takes with all around it; 0 where nothing is left.
int left_in(int socket) {
    int bytes = 0;
    return ::ioctl(socket, SIOCOUTQ, &bytes) == 0 ? bytes : 0;
}

}  // namespace

std::optional<Unread::Time> Unread::since(int socket) {
    const int left = left_in(socket);
    if (left == 0)
        since_.reset();
    else if (left < left_)
        since_ = std::chrono::steady_clock::now();
    left_ = left;
    return since_;
}

void Unread::sent(int socket) {
    left_ = left_in(socket);
    if (!since_ && left_ != 0) since_ = std::chrono::steady_clock::now();
}

}  // namespace roudi
