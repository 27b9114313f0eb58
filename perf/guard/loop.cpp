// SPDX-License-Identifier: Apache-2.0
// What instructions.py counts: a fixed number of times loan, send, receive, release, in one thread.
#include "../src/broker_program.hpp"
#include "../src/node.hpp"
#include "../src/product_ports.hpp"

#include <ipc/ipc.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace bench {

// The same payload as a slice of one element.
template <std::size_t Size>
using Sliced = ipc::Slice<Payload<Size>>;

template <std::size_t Size>
class SliceSender {
 public:
    explicit SliceSender(ipc::Publisher<Sliced<Size>> publisher) : publisher_{std::move(publisher)} {}

    std::size_t send() {
        auto loan = publisher_.loan_slice_uninit(1);
        if (!loan) throw std::runtime_error{"no loan: " + std::string{to_string(loan.error())}};
        loan->payload_mut().front().write(sent_++);
        const auto receivers = std::move(*loan).assume_init().send();
        if (!receivers) throw std::runtime_error{"not sent: " + std::string{to_string(receivers.error())}};
        return *receivers;
    }

 private:
    ipc::Publisher<Sliced<Size>> publisher_;
    std::uint64_t sent_ = 0;
};

template <std::size_t Size>
class SliceReceiver {
 public:
    explicit SliceReceiver(ipc::Subscriber<Sliced<Size>> subscriber) : subscriber_{std::move(subscriber)} {}

    bool receive() {
        const auto sample = subscriber_.receive();
        if (!sample) throw std::runtime_error{"not received: " + std::string{to_string(sample.error())}};
        if (!sample->has_value()) return false;
        (*sample)->payload().front().check(received_++);
        return true;
    }

 private:
    ipc::Subscriber<Sliced<Size>> subscriber_;
    std::uint64_t received_ = 0;
};

// Counting begins and ends with this function: it must be there, by this name. Its own instructions are the
// library's, too: what its headers bring along.
template <class From, class To>
[[gnu::noinline]] void counted_loop(From& sender, To* receiver, int times) {
    for (int i = 0; i < times; ++i) {
        const std::size_t receivers = sender.send();
        if (receiver == nullptr ? receivers != 0 : receivers != 1 || !receiver->receive())
            throw std::runtime_error{"a sample did not arrive"};
    }
}

template <class Carried, class From, class To>
void run(ipc::Node& node, bool with_subscriber = true) {
    constexpr int to_warm_up = 100, counted = 10'000;
    auto service = node.service_builder("ipc-guard").publish_subscribe<Carried>().create().value();
    From sender{service.publisher_builder().create().value()};
    std::optional<To> receiver;
    if (with_subscriber) receiver.emplace(service.subscriber_builder().create().value());
    const auto pass = [&](int times) {
        for (int i = 0; i < times; ++i)
            if (sender.send(); receiver) receiver->receive();
    };
    pass(to_warm_up);
    counted_loop(sender, receiver ? &*receiver : nullptr, counted);
}

template <std::size_t Size>
void run_fixed(ipc::Node& node, bool with_subscriber = true) {
    run<Payload<Size>, Sender<Size>, Receiver<Size>>(node, with_subscriber);
}
template <std::size_t Size>
void run_slice(ipc::Node& node) {
    run<Sliced<Size>, SliceSender<Size>, SliceReceiver<Size>>(node);
}

}  // namespace bench

int main(int argc, char** argv) {
    try {
        const std::string_view what = argc == 2 ? argv[1] : "";
        const bench::BrokerProgram broker{{}};
        auto node = bench::make_node();
        constexpr std::size_t in_slot = 8, in_two_lines = 64, by_reference = 1024;
        if (what == "alone")
            bench::run_fixed<in_slot>(node, false);
        else if (what == "in-slot")
            bench::run_fixed<in_slot>(node);
        else if (what == "in-two-lines")
            bench::run_fixed<in_two_lines>(node);
        else if (what == "by-reference")
            bench::run_fixed<by_reference>(node);
        else if (what == "slice-in-two-lines")
            bench::run_slice<in_two_lines>(node);
        else if (what == "slice-by-reference")
            bench::run_slice<by_reference>(node);
        else
            throw std::runtime_error{
                "one of: alone, in-slot, in-two-lines, by-reference, slice-in-two-lines, slice-by-reference"};
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "ipc-guard-loop: %s\n", failure.what());
        return 1;
    }
}
