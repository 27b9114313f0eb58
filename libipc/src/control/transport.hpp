// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shm/unique_fd.hpp"
#include "wire/codec.hpp"
#include "wire/frame_reader.hpp"
#include "wire/frame_writer.hpp"

#include <tl/expected.hpp>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

namespace ipc::control {

// The stream to the broker. Any thread sends; one thread at a time receives.
class Transport {
 public:
    explicit Transport(shm::UniqueFd socket) : socket_{std::move(socket)} {}

    // False where the rest waits for the socket to become writable (call flush then). That the broker is gone
    // is not said here: the reader learns it, with the reason. What was meant for a stream that has been
    // replaced meanwhile is not sent.
    bool send(const wire::ClientMessage& message, std::uint64_t request, std::uint64_t stream,
              std::vector<shm::UniqueFd> descriptors = {});
    bool flush();
    bool wants_to_write();

    // Takes what the socket has, without blocking. The error is the end of the stream, and why.
    tl::expected<void, wire::Violation> receive();
    // The next whole message.
    tl::expected<std::optional<wire::Numbered<wire::BrokerMessage>>, wire::Violation> next();

    // The last word: what is still unsent is sent if the socket takes it at once, then the stream ends.
    void shut();
    void close() { socket_.reset(); }

    // By who receives. The stream has ended, and there is none; there is another one.
    void drop();
    void replace(shm::UniqueFd socket);

    int descriptor() const { return socket_.get(); }
    // Which one this is.
    std::uint64_t stream() const { return stream_.load(std::memory_order_relaxed); }

 private:
    shm::UniqueFd socket_;
    std::mutex sending_;
    wire::FrameWriter writer_;
    bool blocked_ = false;
    std::atomic<std::uint64_t> stream_{1};  // changed with the mutex held
    wire::FrameReader reader_{wire::max_broker_frame, wire::max_broker_descriptors};
};

}  // namespace ipc::control
