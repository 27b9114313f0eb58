// SPDX-License-Identifier: Apache-2.0
// Checks every frame that the camera sends, in place.
#include "frame.hpp"

#include <ipc/ipc.hpp>

#include <chrono>
#include <iostream>
#include <numeric>

int main() {
    using namespace std::chrono_literals;

    auto node = ipc::NodeBuilder{}.name("viewer").create().value();
    auto service = node.service_builder("Camera/Front").publish_subscribe<Frame>().open_or_create().value();
    auto subscriber = service.subscriber_builder().create().value();

    while (true) {
        auto sample = subscriber.receive(1s);
        if (!sample) break;  // asked to terminate
        if (!*sample) continue;
        const Frame& frame = ***sample;
        if (std::accumulate(frame.pixels.begin(), frame.pixels.end(), std::uint32_t{0}) != frame.checksum) {
            std::cerr << "frame " << frame.number << " is damaged" << std::endl;
            return 1;
        }
        if (frame.number % 50 == 0)
            std::cout << "frame " << frame.number << " is whole, missed so far: " << subscriber.missed()
                      << std::endl;
    }
}
