// SPDX-License-Identifier: Apache-2.0
#include "checked.hpp"
#include "contest.hpp"
#include "touch.hpp"

#include <fcntl.h>
#include <mqueue.h>

#include <array>
#include <string>
#include <vector>

namespace bench {

class PosixQueue {
 public:
    static constexpr const char* name = "POSIX queue";
    static constexpr const char* how = "mq_send, mq_receive, default limits: 10 messages of 8 KiB";
    static constexpr std::size_t largest = 8192;

    explicit PosixQueue(const Setting& setting) : out_(setting.payload), in_(setting.payload) {
        mq_attr attributes{};
        attributes.mq_maxmsg = 10;
        attributes.mq_msgsize = static_cast<long>(setting.payload);
        for (std::size_t i = 0; i < queues_.size(); ++i) {
            const std::string path = '/' + setting.name + (i == 0 ? "-ping" : "-pong");
            Queue& queue = queues_[i];
            queue.sleeping =
                checked(mq_open(path.c_str(), O_CREAT | O_EXCL | O_RDWR, 0600, &attributes), "mq_open");
            queue.polling = checked(mq_open(path.c_str(), O_RDONLY | O_NONBLOCK), "mq_open");
            checked(mq_unlink(path.c_str()), "mq_unlink");
        }
    }

    void join(bool first) {
        to_ = queues_[first ? 0 : 1];
        from_ = queues_[first ? 1 : 0];
    }

    void send(std::uint64_t number) {
        write_payload(out_, number);
        checked(mq_send(to_.sleeping, reinterpret_cast<const char*>(out_.data()), out_.size(), 0), "mq_send");
    }
    bool receive(std::uint64_t number) { return take(from_.polling, number); }
    void wait(std::uint64_t number) { take(from_.sleeping, number); }

 private:
    // The same one twice: whether it blocks is a flag of the opened description.
    struct Queue {
        mqd_t sleeping = -1;
        mqd_t polling = -1;
    };

    bool take(mqd_t queue, std::uint64_t number) {
        if (!ready(mq_receive(queue, reinterpret_cast<char*>(in_.data()), in_.size(), nullptr), "mq_receive"))
            return false;
        check_payload(in_, number);
        return true;
    }

    std::vector<std::byte> out_;
    std::vector<std::byte> in_;
    std::array<Queue, 2> queues_{};
    Queue to_;
    Queue from_;
};

}  // namespace bench

int main(int argc, char** argv) {
    return bench::contest<bench::PosixQueue>(argc, argv);
}
