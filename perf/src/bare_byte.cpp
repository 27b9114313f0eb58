// SPDX-License-Identifier: Apache-2.0
#include "bare_byte.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace bench {

namespace {

[[noreturn]] void fail(const char* what) {
    throw std::system_error{errno, std::generic_category(), what};
}

}  // namespace

BareByte::BareByte(Wait wait) : wait_{wait} {
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends_.data()) != 0) fail("socketpair");
    epoll_ = epoll_create1(EPOLL_CLOEXEC);
    epoll_event event{.events = EPOLLIN, .data = {.fd = ends_[1]}};
    if (epoll_ < 0 || epoll_ctl(epoll_, EPOLL_CTL_ADD, ends_[1], &event) != 0) fail("epoll");
}

BareByte::~BareByte() {
    close(ends_[0]);
    close(ends_[1]);
    close(epoll_);
}

void BareByte::send() const {
    const char byte = 1;
    if (write(ends_[0], &byte, 1) != 1) fail("write");
}

void BareByte::receive() const {
    epoll_event event{};
    if (wait_ == Wait::epoll && epoll_wait(epoll_, &event, 1, -1) != 1) fail("epoll_wait");
    char byte = 0;
    if (read(ends_[1], &byte, 1) != 1) fail("read");
}

}  // namespace bench
