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

namespace {

// The supplementary groups that it had when it connected.
tl::expected<std::vector<gid_t>, shm::SystemError> groups_of(const shm::UniqueFd& socket) {
    std::vector<gid_t> groups(16);
    while (true) {
        auto size = static_cast<socklen_t>(groups.size() * sizeof(gid_t));
        const bool fits = ::getsockopt(socket.get(), SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size) == 0;
        if (!fits && errno != ERANGE) return shm::failed("SO_PEERGROUPS");
        groups.resize(size / sizeof(gid_t));
        if (fits) return groups;
    }
}

}  // namespace

tl::expected<Peer, shm::SystemError> Peer::of(const shm::UniqueFd& socket) {
    ucred credentials{};
    socklen_t size = sizeof credentials;
    if (::getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0)
        return shm::failed("SO_PEERCRED");
    Peer peer{.identity = {.pid = credentials.pid, .uid = credentials.uid, .gid = credentials.gid},
              .pidfd = {}};
    if (auto groups = groups_of(socket))
        peer.identity.groups = std::move(*groups);
    else
        return tl::unexpected{groups.error()};

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
