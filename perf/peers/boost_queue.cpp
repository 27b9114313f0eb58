// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"
#include "touch.hpp"

#include <boost/interprocess/ipc/message_queue.hpp>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace bench {

using boost::interprocess::message_queue;

class BoostQueue {
 public:
    static constexpr const char* name = "boost message_queue";
    static constexpr const char* how = "boost::interprocess::message_queue 1.81";
    static constexpr std::size_t largest = std::size_t{16} << 20;

    explicit BoostQueue(const Setting& setting) : out_(setting.payload), in_(setting.payload) {
        const std::size_t depth = setting.purpose == Purpose::flow ? flow_depth(setting) : 8;
        for (std::size_t i = 0; i < queues_.size(); ++i) {
            const std::string path = setting.name + (i == 0 ? "-ping" : "-pong");
            message_queue::remove(path.c_str());
            queues_[i].emplace(boost::interprocess::create_only, path.c_str(), depth, setting.payload);
            message_queue::remove(path.c_str());  // it lives on until both have unmapped it
        }
    }

    void join(bool first) { first_ = first; }

    void send(std::uint64_t number) {
        write_payload(out_, number);
        queues_[first_ ? 0 : 1]->send(out_.data(), out_.size(), 0);
    }
    bool receive(std::uint64_t number) {
        message_queue::size_type size = 0;
        unsigned priority = 0;
        if (!from().try_receive(in_.data(), in_.size(), size, priority)) return false;
        check_payload(in_, number);
        return true;
    }
    void wait(std::uint64_t number) {
        message_queue::size_type size = 0;
        unsigned priority = 0;
        from().receive(in_.data(), in_.size(), size, priority);
        check_payload(in_, number);
    }

 private:
    message_queue& from() { return *queues_[first_ ? 1 : 0]; }

    std::vector<std::byte> out_;
    std::vector<std::byte> in_;
    std::array<std::optional<message_queue>, 2> queues_;
    bool first_ = false;
};

}  // namespace bench

int main(int argc, char** argv) {
    return bench::contest<bench::BoostQueue>(argc, argv);
}
