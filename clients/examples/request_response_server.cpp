// SPDX-License-Identifier: Apache-2.0
// Answers each number with its double. Sleeps while nobody asks.
#include <ipc/ipc.hpp>

#include <chrono>
#include <cstdint>
#include <iostream>

int main() {
    using namespace std::chrono_literals;

    auto node = ipc::NodeBuilder{}.name("example server").create().value();
    auto service = node.service_builder("My/Funk/Doubler")
                       .request_response<std::uint64_t, std::uint64_t>()
                       .open_or_create()
                       .value();
    auto server = service.server_builder().create().value();

    // Woken by the client itself; the time-out only bounds how long one wait may be.
    while (true) {
        auto request = server.receive(1s);
        if (!request) break;  // asked to terminate
        if (!*request) continue;
        const std::uint64_t number = ***request;
        auto response = (*request)->loan_uninit().value();
        std::move(response).write_payload(2 * number).send().value();
        std::cout << "answered " << number << std::endl;
    }  // the request is dropped, which ends the stream of its responses
}
