// SPDX-License-Identifier: Apache-2.0
#include "checked.hpp"
#include "contest.hpp"
#include "touch.hpp"

#include <sys/socket.h>

#include <array>
#include <vector>

namespace bench {

class UnixSeqpacket {
 public:
    static constexpr const char* name = "unix seqpacket";
    static constexpr const char* how = "socketpair(2), SOCK_SEQPACKET, default buffers";
    static constexpr std::size_t largest =
        128 * 1024;  // what fits net.core.wmem_default, with the kernel's own

    explicit UnixSeqpacket(const Setting& setting) : out_(setting.payload), in_(setting.payload) {
        checked(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends_.data()), "socketpair");
    }

    void join(bool first) { socket_ = ends_[first ? 0 : 1]; }

    void send(std::uint64_t number) {
        write_payload(out_, number);
        checked(::send(socket_, out_.data(), out_.size(), MSG_NOSIGNAL), "send");
    }
    bool receive(std::uint64_t number) { return take(number, MSG_DONTWAIT); }
    void wait(std::uint64_t number) { take(number, 0); }

 private:
    bool take(std::uint64_t number, int flags) {
        if (!ready(recv(socket_, in_.data(), in_.size(), flags), "recv")) return false;
        check_payload(in_, number);
        return true;
    }

    std::vector<std::byte> out_;
    std::vector<std::byte> in_;
    std::array<int, 2> ends_{};
    int socket_ = -1;
};

}  // namespace bench

int main(int argc, char** argv) {
    return bench::contest<bench::UnixSeqpacket>(argc, argv);
}
