// SPDX-License-Identifier: Apache-2.0
#include "daemon/other_broker.hpp"

#include "daemon/unix_address.hpp"
#include "shm/unique_fd.hpp"
#include "wire/codec.hpp"
#include "wire/frame_reader.hpp"
#include "wire/frame_writer.hpp"

#include <poll.h>

#include <cerrno>
#include <chrono>
#include <system_error>

namespace roudi {

namespace wire = ipc::wire;

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds patience{1000};

// What it says to a hello, if it is one of ours and answers in time.
std::optional<wire::Welcome> greet(int socket) {
    wire::FrameWriter writer;
    wire::Hello hello;
    hello.observer = true;
    hello.node_name = "roudi";
    writer.enqueue(wire::encode(hello, 1));
    if (writer.flush(socket) != wire::FrameWriter::Progress::Done) return std::nullopt;
    wire::FrameReader reader{wire::max_broker_frame, wire::max_broker_descriptors};
    const auto deadline = Clock::now() + patience;
    while (true) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
        pollfd waiting{.fd = socket, .events = POLLIN, .revents = 0};
        if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0)
            return std::nullopt;
        const auto progress = reader.receive(socket);
        if (!progress || *progress == wire::FrameReader::Progress::Closed) return std::nullopt;
        auto frame = reader.next();
        if (!frame) return std::nullopt;
        if (!*frame) continue;
        const auto message = wire::decode_broker(std::move(**frame));
        const auto* welcome = message ? std::get_if<wire::Welcome>(&message->message) : nullptr;
        return welcome != nullptr ? std::optional{*welcome} : std::nullopt;
    }
}

}  // namespace

std::optional<std::string> find_other_broker(const std::string& path) {
    const auto address = UnixAddress::of(path);
    const ipc::shm::UniqueFd socket{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    if (!address) return std::nullopt;
    // Only the kernel's word that nobody listens counts as nobody: a socket that is taken for stale is
    // removed. EAGAIN: somebody listens, and has no room for another connection right now.
    if (!socket || ::connect(socket.get(), address->get(), address->size) != 0) {
        if (errno == ENOENT || errno == ENOTDIR || errno == ECONNREFUSED) return std::nullopt;
        return errno == EAGAIN ? "a busy one"
                               : "which cannot be asked: " + std::generic_category().message(errno);
    }
    if (const auto welcome = greet(socket.get()))
        return "roudi " + welcome->broker_version + ", process " + std::to_string(welcome->broker_pid) +
               ", of user " + std::to_string(welcome->broker_uid);
    ucred owner{};
    socklen_t size = sizeof owner;
    if (::getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &owner, &size) != 0) return "an unknown process";
    return "process " + std::to_string(owner.pid) + ", of user " + std::to_string(owner.uid) +
           ", which does not answer as a broker does";
}

}  // namespace roudi
