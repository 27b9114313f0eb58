// SPDX-License-Identifier: Apache-2.0
#include "frame_writer.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace ipc::wire {

void FrameWriter::enqueue(Frame frame) {
    const FrameHeader header{.length = static_cast<std::uint32_t>(frame.text.size()),
                             .descriptors = static_cast<std::uint32_t>(frame.descriptors.size())};
    queued_ += sizeof header + frame.text.size();
    queue_.push_back({.frame = std::move(frame), .header = header});
}

FrameWriter::Progress FrameWriter::flush(int socket) {
    while (!queue_.empty()) {
        Outgoing& out = queue_.front();
        const std::size_t header_left = out.sent < sizeof out.header ? sizeof out.header - out.sent : 0;
        const std::size_t text_sent = out.sent < sizeof out.header ? 0 : out.sent - sizeof out.header;
        std::array<iovec, 2> vectors{
            iovec{.iov_base = reinterpret_cast<char*>(&out.header) + (sizeof out.header - header_left),
                  .iov_len = header_left},
            iovec{.iov_base = out.frame.text.data() + text_sent,
                  .iov_len = out.frame.text.size() - text_sent}};
        msghdr message{};
        message.msg_iov = vectors.data();
        message.msg_iovlen = vectors.size();

        alignas(cmsghdr) std::array<char, CMSG_SPACE(max_broker_descriptors * sizeof(int))> control{};
        if (out.sent == 0 && !out.frame.descriptors.empty()) {
            if (out.frame.descriptors.size() > max_broker_descriptors) return Progress::Closed;
            const std::size_t size = out.frame.descriptors.size() * sizeof(int);
            message.msg_control = control.data();
            message.msg_controllen = CMSG_SPACE(size);
            cmsghdr* part = CMSG_FIRSTHDR(&message);
            part->cmsg_level = SOL_SOCKET;
            part->cmsg_type = SCM_RIGHTS;
            part->cmsg_len = CMSG_LEN(size);
            for (std::size_t i = 0; i < out.frame.descriptors.size(); ++i) {
                const int raw = out.frame.descriptors[i].get();
                std::memcpy(CMSG_DATA(part) + i * sizeof raw, &raw, sizeof raw);
            }
        }

        const ssize_t count = ::sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count < 0) {
            if (errno == EINTR) continue;
            return errno == EAGAIN || errno == EWOULDBLOCK ? Progress::Blocked : Progress::Closed;
        }
        out.sent += static_cast<std::size_t>(count);
        queued_ -= static_cast<std::size_t>(count);
        if (out.sent > 0) out.frame.descriptors.clear();  // they went with the first byte
        if (out.sent == sizeof out.header + out.frame.text.size()) queue_.pop_front();
    }
    return Progress::Done;
}

}  // namespace ipc::wire
