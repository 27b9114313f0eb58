// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"
#include "touch.hpp"

#include <nng/nng.h>
#include <nng/protocol/pair0/pair.h>

#include <stdexcept>
#include <string>

namespace bench {

class Nng {
 public:
    static constexpr const char* name = "nng";
    static constexpr const char* how = "pair0 over ipc://, default options but for the largest message";
    static constexpr std::size_t largest = std::size_t{1} << 30;

    explicit Nng(const Setting& setting) : setting_{setting} {}

    void join(bool first) {
        check(nng_pair0_open(&socket_), "nng_pair0_open");
        check(nng_socket_set_size(socket_, NNG_OPT_RECVMAXSZ, 0), "NNG_OPT_RECVMAXSZ");
        if (setting_.purpose == Purpose::flow)  // without, each message waits for the one before it
            for (const char* const buffer : {NNG_OPT_SENDBUF, NNG_OPT_RECVBUF})
                check(nng_socket_set_int(socket_, buffer, static_cast<int>(flow_depth(setting_))), buffer);
        const std::string url = "ipc://" + (setting_.directory / "pair").string();
        if (first)
            check(nng_listen(socket_, url.c_str(), nullptr, 0), "nng_listen");
        else  // it tries again by itself until there is somebody
            check(nng_dial(socket_, url.c_str(), nullptr, NNG_FLAG_NONBLOCK), "nng_dial");
    }

    void send(std::uint64_t number) {
        nng_msg* message = nullptr;
        check(nng_msg_alloc(&message, setting_.payload), "nng_msg_alloc");
        write_payload(bytes_at(nng_msg_body(message), setting_.payload), number);
        check(nng_sendmsg(socket_, message, 0), "nng_sendmsg");
    }
    bool receive(std::uint64_t number) { return take(number, NNG_FLAG_NONBLOCK); }
    void wait(std::uint64_t number) { take(number, 0); }

 private:
    static void check(int result, const char* what) {
        if (result != 0) throw std::runtime_error{std::string{what} + ": " + nng_strerror(result)};
    }
    bool take(std::uint64_t number, int flags) {
        nng_msg* message = nullptr;
        const int result = nng_recvmsg(socket_, &message, flags);
        if (result == NNG_EAGAIN) return false;
        check(result, "nng_recvmsg");
        check_payload(bytes_at(nng_msg_body(message), nng_msg_len(message)), number);
        nng_msg_free(message);
        return true;
    }

    Setting setting_;
    nng_socket socket_{};
};

}  // namespace bench

int main(int argc, char** argv) {
    return bench::contest<bench::Nng>(argc, argv);
}
