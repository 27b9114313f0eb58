// SPDX-License-Identifier: Apache-2.0
// Prints the numbers that the publisher sends. Sleeps while there are none.
#include <ipc/ipc.hpp>

#include <chrono>
#include <cstdint>
#include <iostream>

int main() {
    using namespace std::chrono_literals;

    auto node = ipc::NodeBuilder{}.name("example subscriber").create().value();
    auto service = node.service_builder("My/Funk/ServiceName")
                       .publish_subscribe<std::uint64_t>()
                       .open_or_create()
                       .value();
    auto subscriber = service.subscriber_builder().create().value();

    // Woken by the publisher itself; the time-out only bounds how long one wait may be.
    while (true) {
        auto sample = subscriber.receive(1s);
        if (!sample) break;  // asked to terminate
        if (*sample) std::cout << "received " << ***sample << std::endl;
    }
}
