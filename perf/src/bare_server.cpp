// SPDX-License-Identifier: Apache-2.0
#include "bare_server.hpp"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <system_error>

namespace bench {

namespace {

using Clock = std::chrono::steady_clock;  // the same in all processes

constexpr std::size_t segment_size = 64 * 1024;

enum class Wish : std::uint8_t { Answer, Segment };

struct Message {
    Wish wish = Wish::Answer;
    Clock::time_point begin;
};

[[noreturn]] void fail(const char* what) {
    throw std::system_error{errno, std::generic_category(), what};
}

double microseconds_since(Clock::time_point begin) {
    return std::chrono::duration<double, std::micro>(Clock::now() - begin).count();
}

// The descriptor, if it is one, goes along with the message.
void send_message(int socket, Message message, int descriptor) {
    iovec data{.iov_base = &message, .iov_len = sizeof message};
    alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(sizeof(int))> control{};
    msghdr header{};
    header.msg_iov = &data;
    header.msg_iovlen = 1;
    if (descriptor >= 0) {
        header.msg_control = control.data();
        header.msg_controllen = control.size();
        cmsghdr* const part = CMSG_FIRSTHDR(&header);
        part->cmsg_level = SOL_SOCKET;
        part->cmsg_type = SCM_RIGHTS;
        part->cmsg_len = CMSG_LEN(sizeof(int));
        std::memcpy(CMSG_DATA(part), &descriptor, sizeof descriptor);
    }
    if (sendmsg(socket, &header, MSG_NOSIGNAL) != sizeof message) fail("bare server: sendmsg");
}

// False at the end of the stream.
bool receive_message(int socket, Message& message, int& descriptor) {
    iovec data{.iov_base = &message, .iov_len = sizeof message};
    alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(sizeof(int))> control{};
    msghdr header{};
    header.msg_iov = &data;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    const ssize_t size = recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
    if (size == 0) return false;
    if (size != sizeof message) fail("bare server: recvmsg");
    descriptor = -1;
    if (cmsghdr* const part = CMSG_FIRSTHDR(&header))
        std::memcpy(&descriptor, CMSG_DATA(part), sizeof descriptor);
    return true;
}

void serve(int socket) {
    Message message;
    for (int ignored = -1; receive_message(socket, message, ignored);) {
        if (message.wish == Wish::Answer) {
            send_message(socket, message, -1);
            continue;
        }
        message.begin = Clock::now();
        const int file = memfd_create("ipc-bench", MFD_CLOEXEC);
        if (file < 0 || ftruncate(file, segment_size) != 0) fail("bare server: memfd");
        send_message(socket, message, file);
        close(file);
    }
}

}  // namespace

BareServer::BareServer() {
    std::array<int, 2> ends{};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) fail("socketpair");
    pid_ = fork();
    if (pid_ < 0) fail("fork");
    if (pid_ == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(ends[0]);
        serve(ends[1]);
        _exit(0);
    }
    close(ends[1]);
    socket_ = ends[0];
}

BareServer::~BareServer() {
    close(socket_);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
}

double BareServer::round_trip() const {
    Message message{.wish = Wish::Answer, .begin = Clock::now()};
    int none = -1;
    send_message(socket_, message, none);
    if (!receive_message(socket_, message, none)) fail("bare server: gone");
    return microseconds_since(message.begin);
}

double BareServer::hand_over() const {
    Message message{.wish = Wish::Segment, .begin = {}};
    int file = -1;
    send_message(socket_, message, file);
    if (!receive_message(socket_, message, file)) fail("bare server: gone");
    void* const memory = mmap(nullptr, segment_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    const double result = microseconds_since(message.begin);
    if (memory == MAP_FAILED) fail("mmap");
    munmap(memory, segment_size);
    close(file);
    return result;
}

}  // namespace bench
