// SPDX-License-Identifier: Apache-2.0
#include "calls/eligible.hpp"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>

#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77
#endif

namespace calls {

namespace {

using Only = Eligible::Only;

constexpr std::array new_descriptor{EMFILE, ENOMEM};
constexpr std::array only_descriptors{EMFILE};
constexpr std::array opening{EMFILE, ENOMEM, EIO};
constexpr std::array watching{ENOMEM, ENOSPC};
constexpr std::array memory{ENOMEM};
constexpr std::array interruption{EINTR};
constexpr std::array reading{EIO, EINTR};
constexpr std::array writing{ENOSPC, EIO, EINTR};
constexpr std::array receiving_frames{EINTR, ENOMEM};
constexpr std::array sending_frames{EINTR, ENOMEM, ENOBUFS};
constexpr std::array accepting{EMFILE, EINTR, ECONNABORTED, ENOMEM};
constexpr std::array connecting{EAGAIN, ENOMEM};
constexpr std::array making{ENOSPC, EIO};
constexpr std::array sizing{EINTR, EIO};
constexpr std::array sealing{EBUSY};
constexpr std::array looking{EIO, ENOMEM};
constexpr std::array locking{EINTR, ENOLCK};
constexpr std::array no_more_threads{EAGAIN};

constexpr std::array table{
    Eligible{.number = SYS_openat, .name = "openat", .errors = opening},
    Eligible{.number = SYS_socket, .name = "socket", .errors = new_descriptor},
    Eligible{.number = SYS_bind, .name = "bind", .errors = making},
    Eligible{.number = SYS_connect, .name = "connect", .errors = connecting},
    Eligible{.number = SYS_accept4, .name = "accept4", .errors = accepting},
    Eligible{.number = SYS_epoll_create1, .name = "epoll_create1", .errors = new_descriptor},
    Eligible{.number = SYS_epoll_ctl,
             .name = "epoll_ctl",
             .only = Only::equals,
             .argument = 1,
             .value = EPOLL_CTL_ADD,
             .errors = watching},
    Eligible{.number = SYS_epoll_pwait, .name = "epoll_pwait", .errors = interruption},
    Eligible{.number = SYS_eventfd2, .name = "eventfd2", .errors = new_descriptor},
    Eligible{.number = SYS_timerfd_create, .name = "timerfd_create", .errors = new_descriptor},
    Eligible{.number = SYS_inotify_init1, .name = "inotify_init1", .errors = new_descriptor},
    Eligible{.number = SYS_inotify_add_watch, .name = "inotify_add_watch", .errors = watching},
    Eligible{.number = SYS_memfd_create, .name = "memfd_create", .errors = new_descriptor},
    Eligible{.number = SYS_ftruncate, .name = "ftruncate", .errors = sizing},
    Eligible{.number = SYS_fchmod, .name = "fchmod", .errors = making},
    Eligible{.number = SYS_fcntl,
             .name = "fcntl(F_DUPFD_CLOEXEC)",
             .only = Only::equals,
             .argument = 1,
             .value = F_DUPFD_CLOEXEC,
             .errors = only_descriptors},
    Eligible{.number = SYS_fcntl,
             .name = "fcntl(F_ADD_SEALS)",
             .only = Only::equals,
             .argument = 1,
             .value = F_ADD_SEALS,
             .errors = sealing},
    Eligible{.number = SYS_mmap,
             .name = "mmap",
             .only = Only::has_not,
             .argument = 3,
             .value = MAP_ANONYMOUS,
             .errors = memory},
    Eligible{.number = SYS_pipe2, .name = "pipe2", .errors = new_descriptor},
    Eligible{.number = SYS_pidfd_open, .name = "pidfd_open", .errors = new_descriptor},
    Eligible{.number = SYS_signalfd4, .name = "signalfd4", .errors = new_descriptor},
    Eligible{.number = SYS_getsockopt,
             .name = "getsockopt(SO_PEERPIDFD)",
             .only = Only::equals,
             .argument = 2,
             .value = SO_PEERPIDFD,
             .errors = new_descriptor},
    Eligible{.number = SYS_recvmsg, .name = "recvmsg", .errors = receiving_frames},
    Eligible{.number = SYS_sendmsg, .name = "sendmsg", .errors = sending_frames},
    Eligible{.number = SYS_pread64, .name = "pread64", .errors = reading},
    Eligible{.number = SYS_pwrite64, .name = "pwrite64", .errors = writing},
    Eligible{.number = SYS_read, .name = "read", .errors = reading, .of_files = true},
    Eligible{.number = SYS_write, .name = "write", .errors = writing, .of_files = true},
    Eligible{.number = SYS_newfstatat, .name = "newfstatat", .errors = looking},
    Eligible{.number = SYS_fstat, .name = "fstat", .errors = looking},
    Eligible{.number = SYS_mkdirat, .name = "mkdirat", .errors = making},
    Eligible{.number = SYS_fchmodat, .name = "fchmodat", .errors = making},
    Eligible{.number = SYS_flock, .name = "flock", .errors = locking},
    Eligible{.number = SYS_clone3, .name = "clone3", .errors = no_more_threads},
    Eligible{.number = SYS_ppoll, .name = "ppoll", .errors = interruption},
// What newer architectures do not have.
#ifdef SYS_open
    Eligible{.number = SYS_open, .name = "open", .errors = opening},
#endif
#ifdef SYS_pipe
    Eligible{.number = SYS_pipe, .name = "pipe", .errors = new_descriptor},
#endif
#ifdef SYS_poll
    Eligible{.number = SYS_poll, .name = "poll", .errors = interruption},
#endif
#ifdef SYS_epoll_wait
    Eligible{.number = SYS_epoll_wait, .name = "epoll_wait", .errors = interruption},
#endif
#ifdef SYS_mkdir
    Eligible{.number = SYS_mkdir, .name = "mkdir", .errors = making},
#endif
#ifdef SYS_chmod
    Eligible{.number = SYS_chmod, .name = "chmod", .errors = making},
#endif
#ifdef SYS_stat
    Eligible{.number = SYS_stat, .name = "stat", .errors = looking},
#endif
#ifdef SYS_lstat
    Eligible{.number = SYS_lstat, .name = "lstat", .errors = looking},
#endif
};

}  // namespace

std::span<const Eligible> eligible_calls() {
    return table;
}

}  // namespace calls
