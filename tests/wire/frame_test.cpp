// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "harness/process.hpp"
#include "shm/memory_file.hpp"
#include "wire/frame_reader.hpp"
#include "wire/frame_writer.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <string>

using namespace ipc::wire;
using ipc::shm::UniqueFd;

namespace {

struct Sockets {
    Sockets() {
        std::array<int, 2> ends{};
        REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
        near = UniqueFd{ends[0]};
        far = UniqueFd{ends[1]};
    }
    void send(const std::string& bytes) const {
        REQUIRE(::send(near.get(), bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
    }
    UniqueFd near, far;
};

Frame frame(std::string text, std::size_t descriptors = 0) {
    Frame result{.text = std::move(text), .descriptors = {}};
    for (std::size_t i = 0; i < descriptors; ++i)
        result.descriptors.emplace_back(
            ipc::shm::MemoryFile::create("test", 4096).value().descriptor().duplicate());
    return result;
}

std::string raw(FrameHeader header, const std::string& text) {
    std::string bytes(sizeof header, '\0');
    std::memcpy(bytes.data(), &header, sizeof header);
    return bytes + text;
}

}  // namespace

TEST_CASE("frames arrive whole and in order with their own descriptors") {
    const Sockets sockets;
    FrameWriter writer;
    writer.enqueue(frame("first"));
    writer.enqueue(frame("second", 2));
    writer.enqueue(frame("third"));
    writer.enqueue(frame("fourth", 1));
    REQUIRE(writer.flush(sockets.near.get()) == FrameWriter::Progress::Done);
    CHECK(writer.queued_bytes() == 0);

    FrameReader reader{max_client_frame};
    std::string seen;
    while (reader.receive(sockets.far.get()).value() == FrameReader::Progress::Some)
        while (auto next = reader.next().value())
            seen += next->text + std::to_string(next->descriptors.size()) + ' ';
    CHECK(seen == "first0 second2 third0 fourth1 ");
}

TEST_CASE("a frame may come one byte at a time") {
    const Sockets sockets;
    FrameReader reader{max_client_frame};
    const std::string bytes = raw({.length = 5, .descriptors = 0}, "hello");
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        CHECK_FALSE(reader.next().value());
        sockets.send(bytes.substr(i, 1));
        REQUIRE(reader.receive(sockets.far.get()).value() == FrameReader::Progress::Some);
    }
    CHECK(reader.next().value()->text == "hello");
}

TEST_CASE("a long frame waits for a socket that takes more") {
    const Sockets sockets;
    FrameWriter writer;
    const std::string text(max_broker_frame, 'x');
    writer.enqueue(frame(text, 3));
    CHECK(writer.flush(sockets.near.get()) == FrameWriter::Progress::Blocked);
    CHECK(writer.queued_bytes() > 0);

    FrameReader reader{max_broker_frame};
    std::optional<Frame> read;
    while (!read) {
        REQUIRE(reader.receive(sockets.far.get()));
        read = reader.next().value();
        writer.flush(sockets.near.get());
    }
    CHECK(read->text == text);
    CHECK(read->descriptors.size() == 3);
}

TEST_CASE("a writer learns that its peer is gone and no signal kills it") {
    Sockets sockets;
    sockets.far.reset();
    FrameWriter writer;
    writer.enqueue(frame("anybody?"));
    CHECK(writer.flush(sockets.near.get()) == FrameWriter::Progress::Closed);
}

TEST_CASE("a reader learns that its peer is gone") {
    Sockets sockets;
    sockets.near.reset();
    FrameReader reader{max_client_frame};
    CHECK(reader.receive(sockets.far.get()).value() == FrameReader::Progress::Closed);
}

TEST_CASE("a peer that announces a gigabyte is refused before it has sent it") {
    const Sockets sockets;
    FrameReader reader{max_client_frame};
    sockets.send(raw({.length = 1u << 30, .descriptors = 0}, ""));
    REQUIRE(reader.receive(sockets.far.get()));
    CHECK_FALSE(reader.next());
}

TEST_CASE("a peer that announces descriptors it does not send is refused") {
    const Sockets sockets;
    FrameReader reader{max_client_frame};
    sockets.send(raw({.length = 2, .descriptors = 1}, "{}"));
    REQUIRE(reader.receive(sockets.far.get()));
    CHECK_FALSE(reader.next());
}

TEST_CASE("a peer that announces too many descriptors is refused") {
    const Sockets sockets;
    FrameReader reader{max_client_frame};
    sockets.send(raw({.length = 2, .descriptors = max_descriptors + 1}, "{}"));
    REQUIRE(reader.receive(sockets.far.get()));
    CHECK_FALSE(reader.next());
}

TEST_CASE("descriptors that no frame announced are refused and closed") {
    const std::size_t before = harness::open_descriptors(::getpid());
    {
        const Sockets sockets;
        FrameWriter writer;
        Frame sent = frame("{}", 1);
        sent.descriptors.resize(1);
        writer.enqueue(std::move(sent));
        REQUIRE(writer.flush(sockets.near.get()) == FrameWriter::Progress::Done);

        // The same bytes with a header that announces none.
        std::array<char, 64> bytes{};
        alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
        iovec vector{.iov_base = bytes.data(), .iov_len = bytes.size()};
        msghdr message{};
        message.msg_iov = &vector;
        message.msg_iovlen = 1;
        message.msg_control = control.data();
        message.msg_controllen = control.size();
        const ssize_t size = ::recvmsg(sockets.far.get(), &message, 0);
        REQUIRE(size > 0);
        int carried = -1;
        std::memcpy(&carried, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof carried);
        const UniqueFd closed{carried};
        const std::string forged = raw({.length = 2, .descriptors = 0}, "{}");
        vector = {.iov_base = const_cast<char*>(forged.data()), .iov_len = forged.size()};
        REQUIRE(::sendmsg(sockets.near.get(), &message, 0) == static_cast<ssize_t>(forged.size()));

        FrameReader reader{max_client_frame};
        REQUIRE(reader.receive(sockets.far.get()).value() == FrameReader::Progress::Some);
        CHECK(reader.next().value()->text == "{}");
        CHECK_FALSE(reader.next());
    }
    CHECK(harness::open_descriptors(::getpid()) == before);
}

TEST_CASE("a frame with more descriptors than one may carry is not sent") {
    const Sockets sockets;
    FrameWriter writer;
    writer.enqueue(frame("{}", max_broker_descriptors + 1));
    CHECK(writer.flush(sockets.near.get()) == FrameWriter::Progress::Closed);
}

TEST_CASE("as many descriptors as the kernel carries at once are refused and do not stay") {
    const std::size_t before = harness::open_descriptors(::getpid());
    {
        const Sockets sockets;
        constexpr std::size_t number = 253;
        std::string bytes = raw({.length = 2, .descriptors = max_descriptors}, "{}");
        alignas(cmsghdr) std::array<char, CMSG_SPACE(number * sizeof(int))> control{};
        iovec vector{.iov_base = bytes.data(), .iov_len = bytes.size()};
        msghdr message{};
        message.msg_iov = &vector;
        message.msg_iovlen = 1;
        message.msg_control = control.data();
        message.msg_controllen = control.size();
        cmsghdr* part = CMSG_FIRSTHDR(&message);
        part->cmsg_level = SOL_SOCKET;
        part->cmsg_type = SCM_RIGHTS;
        part->cmsg_len = CMSG_LEN(number * sizeof(int));
        for (std::size_t i = 0; i < number; ++i) {
            const int carried = sockets.near.get();
            std::memcpy(CMSG_DATA(part) + i * sizeof carried, &carried, sizeof carried);
        }
        REQUIRE(::sendmsg(sockets.near.get(), &message, 0) == static_cast<ssize_t>(bytes.size()));

        FrameReader reader{max_client_frame};
        CHECK_FALSE(reader.receive(sockets.far.get()));
    }
    CHECK(harness::open_descriptors(::getpid()) == before);
}
