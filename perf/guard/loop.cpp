// SPDX-License-Identifier: Apache-2.0
// What instructions.py counts: a fixed number of times loan, send, receive, release, in one thread.
#include "../src/broker_program.hpp"
#include "../src/node.hpp"
#include "../src/product_ports.hpp"

#include <ipc/ipc.hpp>

#include <cstddef>
#include <cstdio>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace bench {

// Counting begins and ends with this function: it must be there, by this name. Its own instructions are the
// library's, too: what its headers bring along.
template <std::size_t Size>
[[gnu::noinline]] void counted_loop(Sender<Size>& sender, Receiver<Size>* receiver, int times) {
    for (int i = 0; i < times; ++i) {
        const std::size_t receivers = sender.send();
        if (receiver == nullptr ? receivers != 0 : receivers != 1 || !receiver->receive())
            throw std::runtime_error{"a sample did not arrive"};
    }
}

template <std::size_t Size>
void run(ipc::Node& node, bool with_subscriber) {
    constexpr int to_warm_up = 100, counted = 10'000;
    auto service = node.service_builder("ipc-guard").publish_subscribe<Payload<Size>>().create().value();
    Sender<Size> sender{service.publisher_builder().create().value()};
    std::optional<Receiver<Size>> receiver;
    if (with_subscriber) receiver.emplace(service.subscriber_builder().create().value());
    const auto pass = [&](int times) {
        for (int i = 0; i < times; ++i)
            if (sender.send(); receiver) receiver->receive();
    };
    pass(to_warm_up);
    counted_loop<Size>(sender, receiver ? &*receiver : nullptr, counted);
}

}  // namespace bench

int main(int argc, char** argv) {
    try {
        const std::string_view what = argc == 2 ? argv[1] : "";
        const bench::BrokerProgram broker{{}};
        auto node = bench::make_node();
        constexpr std::size_t in_slot = 8, in_two_lines = 64, by_reference = 1024;
        if (what == "alone")
            bench::run<in_slot>(node, false);
        else if (what == "in-slot")
            bench::run<in_slot>(node, true);
        else if (what == "in-two-lines")
            bench::run<in_two_lines>(node, true);
        else if (what == "by-reference")
            bench::run<by_reference>(node, true);
        else
            throw std::runtime_error{"one of: alone, in-slot, in-two-lines, by-reference"};
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "ipc-guard-loop: %s\n", failure.what());
        return 1;
    }
}
