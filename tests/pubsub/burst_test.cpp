// SPDX-License-Identifier: Apache-2.0
// No wake-up is lost, on either side: a subscriber that sleeps when it has received all, and a publisher that
// sleeps when the buffer is full, each of them at moments that the other does not know.
#include "catch.hpp"
#include "pubsub/world.hpp"

#include <cstdint>
#include <random>
#include <string>

using namespace pubsub;

namespace {

ipc::Node node_with(const std::string& socket, const std::string& membarrier) {
    auto config = harness::config_for(socket);
    config.membarrier = membarrier == "with";
    return ipc::NodeBuilder{}
        .config(config)
        .signal_handling_mode(ipc::SignalHandlingMode::Disabled)
        .create()
        .value();
}

auto lossless(ipc::Node& node) {
    return node.service_builder("bursts")
        .publish_subscribe<std::uint64_t>()
        .enable_safe_overflow(false)
        .subscriber_max_buffer_size(8)
        .open_or_create()
        .value();
}

void dawdle(std::uint64_t steps) {
    for (volatile std::uint64_t left = steps; left > 0;) left = left - 1;
}

ACTOR(bursting_publisher) {
    auto node = node_with("", arguments.at(0));
    auto publisher = lossless(node).publisher_builder().create().value();
    test.tell("ready");
    const auto count = std::stoull(test.hear());
    std::minstd_rand random{static_cast<unsigned>(count)};
    for (std::uint64_t sent = 0; sent < count;) {
        for (std::uint64_t burst = 1 + random() % 32; burst > 0 && sent < count; --burst)
            publisher.send_copy(++sent).value();
        dawdle(random() % 8192);
    }
    test.tell("sent");
    (void)test.hear();
    return 0;
}

}  // namespace

TEST_CASE("a million samples wake a subscriber that sleeps at random moments, with and without membarrier",
          "[pubsub][waiting]") {
    constexpr std::uint64_t count = 1'000'000 / 4;
    for (const char* here : {"with", "without"})
        for (const char* there : {"with", "without"}) {
            INFO("subscriber " << here << " membarrier, publisher " << there);
            harness::BrokerProcess broker;
            auto node = node_with(broker.socket(), here);
            auto subscriber = lossless(node).subscriber_builder().create().value();
            harness::Actor actor{"bursting_publisher", {there}, broker.environment()};
            actor.expect("ready");
            actor.tell(std::to_string(count));
            std::minstd_rand random{7};
            for (std::uint64_t received = 0; received < count;) {
                for (std::uint64_t polls = random() % 64; polls > 0 && received < count; --polls)
                    if (const auto sample = subscriber.receive().value()) REQUIRE(**sample == ++received);
                if (received == count) break;
                const auto sample = subscriber.receive(patience).value();
                REQUIRE(sample.has_value());  // nothing after so long a time: a wake-up was lost
                REQUIRE(**sample == ++received);
                if (random() % 64 == 0) dawdle(random() % 65536);  // now the buffer fills up
            }
            actor.expect("sent");
            CHECK(subscriber.missed() == 0);
        }
}
