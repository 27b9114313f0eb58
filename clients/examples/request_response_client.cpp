// SPDX-License-Identifier: Apache-2.0
// Asks for the double of a number every 100 ms, and prints all responses. Sleeps until they are there.
#include <ipc/ipc.hpp>

#include <chrono>
#include <cstdint>
#include <iostream>

int main() {
    using namespace std::chrono_literals;

    auto node = ipc::NodeBuilder{}.name("example client").create().value();
    auto service = node.service_builder("My/Funk/Doubler")
                       .request_response<std::uint64_t, std::uint64_t>()
                       .open_or_create()
                       .value();
    auto client = service.client_builder().create().value();

    for (std::uint64_t number = 1; node.wait(100ms); ++number) {
        auto pending = client.send_copy(number).value();
        std::cout << "asked " << pending.number_of_server_connections() << " of " << number << std::endl;
        while (true) {
            auto response = pending.receive(1s);
            if (!response) return 0;  // asked to terminate
            if (!*response) break;    // every server has ended its stream, or nothing came for so long
            std::cout << "received response: " << ***response << std::endl;
        }
    }
}
