// SPDX-License-Identifier: Apache-2.0
// Publishes a number every 100 ms until it is asked to terminate.
#include <ipc/ipc.hpp>

#include <chrono>
#include <cstdint>
#include <iostream>

int main() {
    using namespace std::chrono_literals;

    auto node = ipc::NodeBuilder{}.name("example publisher").create().value();
    auto service = node.service_builder("My/Funk/ServiceName")
                       .publish_subscribe<std::uint64_t>()
                       .open_or_create()
                       .value();
    auto publisher = service.publisher_builder().create().value();

    for (std::uint64_t counter = 0; node.wait(100ms); ++counter) {
        auto sample = publisher.loan_uninit().value();
        const auto receivers = std::move(sample).write_payload(counter).send().value();
        std::cout << "sent " << counter << " to " << receivers << " subscriber" << (receivers == 1 ? "" : "s")
                  << std::endl;
    }
}
