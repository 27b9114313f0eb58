// SPDX-License-Identifier: Apache-2.0
// Sends a 4 MiB frame every 20 ms. The frame is written where the subscriber reads it.
#include "frame.hpp"

#include <ipc/ipc.hpp>

#include <chrono>
#include <iostream>
#include <numeric>

int main() {
    using namespace std::chrono_literals;

    auto node = ipc::NodeBuilder{}.name("camera").create().value();
    auto service = node.service_builder("Camera/Front").publish_subscribe<Frame>().open_or_create().value();
    auto publisher = service.publisher_builder().create().value();

    for (std::uint32_t number = 0; node.wait(20ms); ++number) {
        auto loan = publisher.loan_uninit().value();
        auto sample = std::move(loan).write_from_fn([&](Frame& frame) {
            frame.number = number;
            frame.pixels.fill(number);
            frame.checksum = std::accumulate(frame.pixels.begin(), frame.pixels.end(), std::uint32_t{0});
        });
        std::move(sample).send().value();
        if (number % 50 == 0) std::cout << "sent frame " << number << std::endl;
    }
}
