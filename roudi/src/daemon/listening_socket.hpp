// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/failure.hpp"
#include "shm/unique_fd.hpp"

#include <tl/expected.hpp>

#include <sys/types.h>

#include <string>

namespace roudi {

// Where clients knock. Belongs to one broker: a lock beside the socket, that the kernel frees when its holder
// dies, says whether a socket that is there is alive or stale, without a race.
class ListeningSocket {
 public:
    // `mode` of the socket: who may connect. Directories that are missing are made.
    static tl::expected<ListeningSocket, Failure> open(const std::string& path, mode_t mode);
    // The one that a service manager passed to this process (LISTEN_PID, LISTEN_FDS), or an empty one if it
    // passed none. The manager keeps it, so it is not deleted at the end.
    static tl::expected<ListeningSocket, Failure> inherited();

    ListeningSocket(ListeningSocket&&) = default;
    ListeningSocket& operator=(ListeningSocket&&) = delete;
    // Deletes a socket that this process made.
    ~ListeningSocket();

    explicit operator bool() const { return static_cast<bool>(descriptor_); }
    int descriptor() const { return descriptor_.get(); }
    const std::string& path() const { return path_; }

 private:
    ListeningSocket() = default;

    std::string path_;
    ipc::shm::UniqueFd descriptor_;
    ipc::shm::UniqueFd lock_;
    bool made_here_ = false;
};

}  // namespace roudi
