// SPDX-License-Identifier: Apache-2.0
#include "transport.hpp"

#include <sys/socket.h>

#include <utility>

namespace ipc::control {

bool Transport::send(const wire::ClientMessage& message, std::uint64_t request, std::uint64_t stream,
                     std::vector<shm::UniqueFd> descriptors) {
    auto frame = wire::encode(message, request, std::move(descriptors));
    const std::lock_guard lock{sending_};
    if (stream_.load(std::memory_order_relaxed) != stream || !socket_) return true;
    writer_.enqueue(std::move(frame));
    blocked_ = writer_.flush(socket_.get()) == wire::FrameWriter::Progress::Blocked;
    return !blocked_;
}

bool Transport::flush() {
    const std::lock_guard lock{sending_};
    if (!socket_) return true;
    blocked_ = writer_.flush(socket_.get()) == wire::FrameWriter::Progress::Blocked;
    return !blocked_;
}

bool Transport::wants_to_write() {
    const std::lock_guard lock{sending_};
    return blocked_;
}

tl::expected<void, wire::Violation> Transport::receive() {
    auto progress = reader_.receive(socket_.get());
    if (!progress) return tl::unexpected{std::move(progress.error())};
    if (*progress == wire::FrameReader::Progress::Closed)
        return tl::unexpected{wire::Violation{"it closed the connection"}};
    return {};
}

tl::expected<std::optional<wire::Numbered<wire::BrokerMessage>>, wire::Violation> Transport::next() {
    auto frame = reader_.next();
    if (!frame) return tl::unexpected{std::move(frame.error())};
    if (!*frame) return std::nullopt;
    auto message = wire::decode_broker(std::move(**frame));
    if (!message) return tl::unexpected{std::move(message.error())};
    return std::optional{std::move(*message)};
}

void Transport::drop() {
    const std::lock_guard lock{sending_};
    stream_.fetch_add(1, std::memory_order_relaxed);
    socket_.reset();
    writer_ = {};
    reader_ = wire::FrameReader{wire::max_broker_frame, wire::max_broker_descriptors};
    blocked_ = false;
}

void Transport::replace(shm::UniqueFd socket) {
    const std::lock_guard lock{sending_};
    socket_ = std::move(socket);
}

void Transport::shut() {
    const std::lock_guard lock{sending_};
    if (!socket_) return;
    (void)writer_.flush(socket_.get());
    // Copies of the socket in forked children keep the stream open after a close; this ends it for all.
    ::shutdown(socket_.get(), SHUT_RDWR);
}

}  // namespace ipc::control
