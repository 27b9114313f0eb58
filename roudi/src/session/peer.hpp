// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "registry/identity.hpp"
#include "shm/system_error.hpp"
#include "shm/unique_fd.hpp"

#include <tl/expected.hpp>

namespace roudi {

// The process at the other end of a socket, as the kernel knows it.
struct Peer {
    Identity identity;
    ipc::shm::UniqueFd pidfd;  // readable once the process is dead

    static tl::expected<Peer, ipc::shm::SystemError> of(const ipc::shm::UniqueFd& socket);
};

}  // namespace roudi
