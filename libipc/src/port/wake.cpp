// SPDX-License-Identifier: Apache-2.0
#include "port/wake.hpp"

#include <pthread.h>
#include <signal.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <ctime>

namespace ipc::port {

namespace {

#ifndef RWF_NOSIGNAL
#define RWF_NOSIGNAL 0x00000100
#endif

// Linux 6.18 and later; older kernels refuse the flag.
std::atomic<bool> kernel_has_nosignal{true};

// A SIGPIPE that this write raises is taken back before the thread's mask is restored; one that was pending
// before stays.
void write_without_sigpipe(int handle, const char& byte) {
    sigset_t sigpipe;
    sigset_t pending;
    sigset_t before;
    ::sigemptyset(&sigpipe);
    ::sigaddset(&sigpipe, SIGPIPE);
    ::sigpending(&pending);
    const bool was_pending = ::sigismember(&pending, SIGPIPE) == 1;
    ::pthread_sigmask(SIG_BLOCK, &sigpipe, &before);
    if (::write(handle, &byte, 1) < 0 && errno == EPIPE && !was_pending) {
        const timespec at_once{};
        while (::sigtimedwait(&sigpipe, nullptr, &at_once) < 0 && errno == EINTR) {
        }
    }
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace

void wake(int handle) {
    if (handle < 0) return;
    char byte = 1;
    if (kernel_has_nosignal.load(std::memory_order_relaxed)) {
        const iovec one{.iov_base = &byte, .iov_len = 1};
        constexpr off_t current = -1;  // a pipe has no offset
        if (::pwritev2(handle, &one, 1, current, RWF_NOSIGNAL) >= 0) return;
        if (errno != EOPNOTSUPP && errno != EINVAL && errno != ENOSYS) return;
        kernel_has_nosignal.store(false, std::memory_order_relaxed);
    }
    write_without_sigpipe(handle, byte);
}

bool drain(int handle) {
    std::array<char, 256> bytes;
    bool any = false;
    while (true) {
        const ssize_t count = ::read(handle, bytes.data(), bytes.size());
        if (count > 0) any = true;
        if (count == static_cast<ssize_t>(bytes.size()) || (count < 0 && errno == EINTR)) continue;
        return any;
    }
}

}  // namespace ipc::port
