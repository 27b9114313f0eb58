// SPDX-License-Identifier: Apache-2.0
#include "restart/world.hpp"

#include <atomic>
#include <thread>

using namespace restart;

namespace {

// Counts up in a thread of its own, and does what it is told meanwhile.
ACTOR(counting) {
    auto node = arguments.at(1) == "threaded" ? node_at(arguments.at(0), "counting")
                                              : driven_node_at(arguments.at(0), "counting");
    auto service = numbers(node);
    auto publisher = service.publisher_builder().create().value();
    test.tell("ready");
    Number last = 0;
    while (true) {
        const std::string told = test.hear();
        if (told == "end") return 0;
        if (told == "another") {
            auto another = service.publisher_builder().create().value();
            // The bound of its creation may have passed before the other end had mapped its half.
            eventually([&] { return another.update_connections().value() != 0; });
            another.send_copy(Number{1'000'000}).value();
            test.tell("sent");
            (void)test.hear();
            continue;
        }
        for (Number left = std::stoull(told); left > 0; --left) publisher.send_copy(++last).value();
        test.tell("sent");
    }
}

ACTOR(counting_without_a_pause) {
    auto node = node_at(arguments.at(0), "counting");
    auto publisher = numbers(node).publisher_builder().create().value();
    test.tell("ready");
    test.expect("go");
    std::atomic<bool> stop{false};
    std::thread sending{[&] {
        for (Number number = 1; !stop; ++number) publisher.send_copy(number).value();
    }};
    (void)test.hear();
    stop = true;
    sending.join();
    return 0;
}

// Takes a request, and adds what it is told to it in answer, until its stream ends.
ACTOR(summing) {
    auto node = node_at(arguments.at(0), "summing");
    auto server = sums(node).server_builder().create().value();
    test.tell("ready");
    while (test.hear() == "take") {
        auto request = server.receive(patience).value().value();
        test.tell("taken");
        for (std::string told = test.hear(); told != "end"; told = test.hear()) {
            request.send_copy(*request + std::stoull(told)).value();
            test.tell("answered");
        }
    }
    return 0;
}

ACTOR(notifying) {
    auto node = node_at(arguments.at(0), "notifying");
    auto notifier = signals(node).notifier_builder().create().value();
    test.tell("ready");
    while (true) {
        const std::string told = test.hear();
        if (told == "end") return 0;
        for (int left = std::stoi(told); left > 0; --left) notifier.notify(ipc::EventId{7}).value();
        test.tell("notified");
    }
}

}  // namespace
