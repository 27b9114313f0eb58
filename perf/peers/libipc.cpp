// SPDX-License-Identifier: Apache-2.0
// The product itself, measured by the same code as everybody else.
#include "../src/broker_program.hpp"
#include "../src/node.hpp"
#include "../src/product_ports.hpp"
#include "contest.hpp"

#include <ipc/ipc.hpp>

#include <optional>
#include <stdexcept>

namespace bench {

namespace {

constexpr std::size_t kib = 1024, mib = 1024 * kib;

template <std::size_t Size>
class Libipc {
 public:
    explicit Libipc(const Setting& setting) : setting_{setting}, broker_{Options{}} {}

    void join(bool first) {
        node_.emplace(make_node());
        out_.emplace(service(first).publisher_builder().create().value());
        in_.emplace(service(!first).subscriber_builder().create().value());
    }

    void send(std::uint64_t) { out_->send(); }
    bool receive(std::uint64_t) { return in_->receive(); }
    void wait(std::uint64_t) { in_->sleep(); }

 private:
    auto service(bool ping) {
        auto builder =
            node_->service_builder(ping ? "ping" : "pong").template publish_subscribe<Payload<Size>>();
        if (setting_.purpose == Purpose::flow)
            builder.enable_safe_overflow(false).subscriber_max_buffer_size(flow_depth(setting_));
        return builder.open_or_create().value();
    }

    Setting setting_;
    BrokerProgram broker_;
    std::optional<ipc::Node> node_;
    std::optional<Sender<Size>> out_;
    std::optional<Receiver<Size>> in_;
};

template <std::size_t Size>
void measure(const Request& request, Json& rows) {
    hold_contest<Libipc<Size>>(request, rows);
}

// A type of each size, as a user would have.
template <std::size_t... Sizes>
void measure_one_of(const Request& request, Json& rows) {
    if (((request.payload == Sizes && (measure<Sizes>(request, rows), true)) || ...)) return;
    throw std::runtime_error{"no payload type of this size in libipc.cpp"};
}

}  // namespace

}  // namespace bench

int main(int argc, char** argv) {
    using namespace bench;
    return run(argc, argv, {"libipc", "default settings; receive(), or receive(timeout)", 64 * mib},
               measure_one_of<8, 64, kib, 4 * kib, 64 * kib, mib, 4 * mib, 16 * mib, 64 * mib>);
}
