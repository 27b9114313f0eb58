// SPDX-License-Identifier: Apache-2.0
#include "checked.hpp"
#include "contest.hpp"
#include "stream.hpp"

#include <sys/socket.h>

#include <array>

namespace bench {

class UnixStream {
 public:
    static constexpr const char* name = "unix stream";
    static constexpr const char* how = "socketpair(2), SOCK_STREAM, default buffers";
    static constexpr std::size_t largest = std::size_t{1} << 30;

    explicit UnixStream(const Setting& setting) : buffers_{setting.payload} {
        checked(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends_.data()), "socketpair");
    }

    void join(bool first) { socket_ = ends_[first ? 0 : 1]; }

    void send(std::uint64_t number) {
        buffers_.send(number, [this](const void* bytes, std::size_t size) {
            return checked(::send(socket_, bytes, size, MSG_NOSIGNAL), "send");
        });
    }
    bool receive(std::uint64_t number) { return take(number, MSG_DONTWAIT); }
    void wait(std::uint64_t number) {
        while (!take(number, MSG_WAITALL)) {
        }
    }

 private:
    bool take(std::uint64_t number, int flags) {
        return buffers_.receive(
            number, [&](void* bytes, std::size_t size) { return recv(socket_, bytes, size, flags); });
    }

    Stream buffers_;
    std::array<int, 2> ends_{};
    int socket_ = -1;
};

}  // namespace bench

int main(int argc, char** argv) {
    return bench::contest<bench::UnixStream>(argc, argv);
}
