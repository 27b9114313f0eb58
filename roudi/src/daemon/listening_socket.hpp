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
    // Deletes a socket that this process made, if it is still there.
    ~ListeningSocket();

    // Whether the file is still there, and no other one in its place. One that a service manager passed is
    // not ours to look after.
    bool is_there() const;
    bool is_ours() const { return made_here_; }
    // In its place, where it is gone: another one, with another lock. To be taken over where it could be
    // made.
    tl::expected<ListeningSocket, Failure> made_again();
    void take_over(ListeningSocket fresh);

    explicit operator bool() const { return static_cast<bool>(descriptor_); }
    int descriptor() const { return descriptor_.get(); }
    const std::string& path() const { return path_; }

 private:
    ListeningSocket() = default;

    std::string path_;
    ipc::shm::UniqueFd descriptor_;
    ipc::shm::UniqueFd lock_;
    bool made_here_ = false;
    mode_t mode_ = 0;
    // The file's.
    dev_t device_ = 0;
    ino_t inode_ = 0;
};

}  // namespace roudi
