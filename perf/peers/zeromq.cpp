// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"
#include "touch.hpp"

#include <zmq.h>

#include <cerrno>
#include <stdexcept>
#include <string>

namespace bench {

// A PUSH socket to the other side, a PULL socket from it.
class ZeroMq {
 public:
    static constexpr const char* name = "ZeroMQ";
    static constexpr const char* how = "PUSH and PULL over ipc://, default options";
    static constexpr std::size_t largest = std::size_t{1} << 30;

    explicit ZeroMq(const Setting& setting) : setting_{setting} {}

    void join(bool first) {
        context_ = zmq_ctx_new();
        out_ = zmq_socket(context_, ZMQ_PUSH);
        in_ = zmq_socket(context_, ZMQ_PULL);
        check(zmq_bind(in_, endpoint(first).c_str()), "zmq_bind");
        check(zmq_connect(out_, endpoint(!first).c_str()), "zmq_connect");
    }

    void send(std::uint64_t number) {
        zmq_msg_t message;
        check(zmq_msg_init_size(&message, setting_.payload), "zmq_msg_init_size");
        write_payload(bytes_at(zmq_msg_data(&message), setting_.payload), number);
        check(zmq_msg_send(&message, out_, 0), "zmq_msg_send");
    }
    bool receive(std::uint64_t number) { return take(number, ZMQ_DONTWAIT); }
    void wait(std::uint64_t number) { take(number, 0); }

 private:
    static int check(int result, const char* what) {
        if (result < 0) throw std::runtime_error{std::string{what} + ": " + zmq_strerror(zmq_errno())};
        return result;
    }
    std::string endpoint(bool first) const {
        return "ipc://" + (setting_.directory / (first ? "first" : "second")).string();
    }
    bool take(std::uint64_t number, int flags) {
        zmq_msg_t message;
        zmq_msg_init(&message);
        if (const int size = zmq_msg_recv(&message, in_, flags); size < 0) {
            if (zmq_errno() == EAGAIN || zmq_errno() == EINTR) return false;
            check(size, "zmq_msg_recv");
        }
        check_payload(bytes_at(zmq_msg_data(&message), zmq_msg_size(&message)), number);
        zmq_msg_close(&message);
        return true;
    }

    Setting setting_;
    void* context_ = nullptr;
    void* out_ = nullptr;
    void* in_ = nullptr;
};

}  // namespace bench

int main(int argc, char** argv) {
    return bench::contest<bench::ZeroMq>(argc, argv);
}
