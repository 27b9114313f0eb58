// SPDX-License-Identifier: Apache-2.0
#include "frame_reader.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace ipc::wire {

namespace {

constexpr std::size_t read_size = 16 * 1024;
constexpr std::size_t most_at_once = max_broker_descriptors;

}  // namespace

tl::expected<FrameReader::Progress, Violation> FrameReader::receive(int socket) {
    std::array<char, read_size> bytes;
    // Whatever the kernel can bring at once: what does not fit here it closes, and this thread would wait for
    // that.
    alignas(cmsghdr) std::array<char, CMSG_SPACE(most_at_once * sizeof(int))> control;
    iovec vector{.iov_base = bytes.data(), .iov_len = bytes.size()};
    msghdr header{};
    header.msg_iov = &vector;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    ssize_t count = -1;
    do {
        count = ::recvmsg(socket, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    } while (count < 0 && errno == EINTR);
    if (count < 0) {
        if (errno == EAGAIN || errno == EWOULDBLOCK) return Progress::Nothing;
        if (errno == ECONNRESET) return Progress::Closed;
        return tl::unexpected{Violation{"reading failed: " + std::generic_category().message(errno)}};
    }

    for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr; part = CMSG_NXTHDR(&header, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
        const std::size_t number = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < number; ++i) {
            int raw = -1;
            std::memcpy(&raw, CMSG_DATA(part) + i * sizeof(int), sizeof raw);
            arrived_.emplace_back(raw);
        }
    }
    // The kernel drops descriptors that it cannot install and says so here.
    if ((header.msg_flags & MSG_CTRUNC) != 0)
        return tl::unexpected{Violation{"descriptors were lost: this process has no numbers left for them"}};
    if (count == 0) return Progress::Closed;
    if (arrived_.size() > 2 * most_descriptors_)
        return tl::unexpected{Violation{"more descriptors than frames may carry"}};

    buffer_.erase(0, std::exchange(consumed_, 0));
    buffer_.append(bytes.data(), static_cast<std::size_t>(count));
    return Progress::Some;
}

tl::expected<std::optional<Frame>, Violation> FrameReader::next() {
    const std::size_t available = buffer_.size() - consumed_;
    if (available == 0 && !arrived_.empty())
        return tl::unexpected{Violation{"descriptors that no frame announced"}};
    FrameHeader header;
    if (available < sizeof header) return std::nullopt;
    std::memcpy(&header, buffer_.data() + consumed_, sizeof header);
    if (header.length > longest_frame_)
        return tl::unexpected{Violation{"a frame of " + std::to_string(header.length) +
                                        " bytes is longer than the " + std::to_string(longest_frame_) +
                                        " allowed"}};
    if (header.descriptors > most_descriptors_)
        return tl::unexpected{Violation{"a frame announces " + std::to_string(header.descriptors) +
                                        " descriptors, and " + std::to_string(most_descriptors_) +
                                        " are allowed"}};
    if (available < sizeof header + header.length) return std::nullopt;
    if (arrived_.size() < header.descriptors)
        return tl::unexpected{Violation{"a frame came without the descriptors it announced"}};

    Frame frame;
    frame.text = buffer_.substr(consumed_ + sizeof header, header.length);
    for (std::uint32_t i = 0; i < header.descriptors; ++i) {
        frame.descriptors.push_back(std::move(arrived_.front()));
        arrived_.pop_front();
    }
    consumed_ += sizeof header + header.length;
    return frame;
}

std::vector<shm::UniqueFd> FrameReader::take_waiting() {
    std::vector<shm::UniqueFd> waiting;
    for (shm::UniqueFd& descriptor : arrived_) waiting.push_back(std::move(descriptor));
    arrived_.clear();
    return waiting;
}

}  // namespace ipc::wire
