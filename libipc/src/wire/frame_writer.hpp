// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wire/frame.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>

namespace ipc::wire {

// Sends frames over a stream socket that may take only part of them now.
class FrameWriter {
 public:
    void enqueue(Frame frame);

    enum class Progress : std::uint8_t {
        Done,     // everything is with the kernel
        Blocked,  // the rest wants the socket to be writable
        Closed,   // the peer is gone, the kernel refuses, or a frame has more descriptors than one may carry:
                  // the session is over
    };

    // Sends what the socket takes, without blocking and without SIGPIPE.
    Progress flush(int socket);

    // Bytes that wait here: what a peer that does not read costs us.
    std::size_t queued_bytes() const { return queued_; }

 private:
    struct Outgoing {
        Frame frame;
        FrameHeader header;
        std::size_t sent = 0;  // of header and text together
    };
    std::deque<Outgoing> queue_;
    std::size_t queued_ = 0;
};

}  // namespace ipc::wire
