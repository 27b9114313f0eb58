// SPDX-License-Identifier: Apache-2.0
#include "session/peer.hpp"

#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

// Linux 6.5; newer than the headers of Debian 12.
#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77
#endif

namespace roudi {

namespace shm = ipc::shm;

tl::expected<Peer, shm::SystemError> Peer::of(const shm::UniqueFd& socket) {
    ucred credentials{};
    socklen_t size = sizeof credentials;
    if (::getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0)
        return shm::failed("SO_PEERCRED");
    Peer peer{.identity = {.pid = credentials.pid, .uid = credentials.uid, .gid = credentials.gid},
              .pidfd = {}};

    int raw = -1;
    size = sizeof raw;
    if (::getsockopt(socket.get(), SOL_SOCKET, SO_PEERPIDFD, &raw, &size) == 0) {
        peer.pidfd = shm::UniqueFd{raw};
        return peer;
    }
    if (errno != ENOPROTOOPT) return shm::failed("SO_PEERPIDFD");
    // Older kernels: the number may have gone to another process if the peer is dead already. Then its socket
    // is closed too, and that ends the session.
    raw = static_cast<int>(::syscall(SYS_pidfd_open, credentials.pid, 0));
    if (raw < 0) return shm::failed("pidfd_open");
    peer.pidfd = shm::UniqueFd{raw};
    return peer;
}

}  // namespace roudi
