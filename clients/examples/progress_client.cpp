// SPDX-License-Identifier: Apache-2.0
// Has long jobs done, one after the other, and prints how far each one is. Every second one takes too long
// for it, and is cancelled half-way.
#include "job.hpp"

#include <ipc/ipc.hpp>

#include <chrono>
#include <cstdint>
#include <iostream>

int main() {
    using namespace std::chrono_literals;

    auto node = ipc::NodeBuilder{}.name("example principal").create().value();
    auto service =
        node.service_builder("My/Funk/Jobs").request_response<Job, Progress>().open_or_create().value();
    auto client = service.client_builder().create().value();

    std::uint32_t number = 1;
    while (node.wait(50ms)) {
        if (client.update_connections().value() == 0) continue;  // no server yet
        const bool impatient = number % 2 == 0;
        auto pending = client.send_copy({.number = number, .steps = 20}).value();
        while (pending.is_connected()) {
            auto progress = pending.receive(1s);
            if (!progress) return 0;   // asked to terminate
            if (!*progress) continue;  // no news, or the stream has ended
            const std::uint32_t percent = (**progress)->percent;
            std::cout << "job " << number << ": " << percent << " %" << std::endl;
            if (impatient && percent >= 50) pending.cancel();
        }
        std::cout << "job " << number++ << " ended: " << to_string(pending.state()) << std::endl;
    }
}
