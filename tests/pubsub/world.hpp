// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "harness/actor.hpp"
#include "harness/world.hpp"

#include <ipc/ipc.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>

namespace pubsub {

using namespace std::chrono_literals;
using harness::node_at;
using harness::patience;
using harness::World;

// Does not fit a slot: goes by reference.
using Large = std::array<std::uint64_t, 512>;

// Sends in a thread of its own until it ends; nobody waits for it in vain where a test fails.
template <class Publisher>
class Flow {
 public:
    explicit Flow(Publisher& publisher)
        : thread_{[this, &publisher] {
              for (std::uint64_t i = 1; !stop_; ++i) publisher.send_copy(i).value();
          }} {}
    ~Flow() {
        stop_ = true;
        thread_.join();
    }

 private:
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

template <class Publisher, class Payload>
void send(Publisher& publisher, const Payload& payload, std::size_t receivers) {
    if (publisher.send_copy(payload).value() != receivers)
        throw ipc::Failure{"the sample went to another number of subscribers"};
}

template <class Subscriber>
auto next(Subscriber& subscriber) {
    auto sample = subscriber.receive(patience).value();
    if (!sample) throw ipc::Failure{"nothing came"};
    return std::move(*sample);
}

}  // namespace pubsub
