// SPDX-License-Identifier: Apache-2.0
// Nobody busy-waits. What is counted is how often a wait came back from the kernel, not time.
#include "catch.hpp"
#include "pubsub/world.hpp"
#include "wait_counter.hpp"
#include "waiting_set.hpp"

#include <cstdint>

using namespace waitset;
using harness::World;

namespace {

auto eight_numbers(ipc::Node& node, const char* name) {
    return node.service_builder(name)
        .publish_subscribe<std::uint64_t>()
        .subscriber_max_buffer_size(8)
        .create()
        .value();
}

// Looks round until nothing is left to see.
void settle(ipc::WaitSet& set) {
    while (readable(set.file_descriptor(), 5)) CHECK(round_of(set).empty());
}

}  // namespace

TEST_CASE("who takes one of several at a time is called once for each, and then left in peace",
          "[waitset][quiet]") {
    World world;
    auto service = eight_numbers(world.node, "numbers");
    auto publisher = service.publisher_builder().create().value();
    auto subscriber = service.subscriber_builder().create().value();
    auto set = a_wait_set();
    const auto guard = set.attach_notification(subscriber).value();
    const auto never = set.attach_interval(24h).value();
    settle(set);
    for (int round = 0; round < 50; ++round) {
        for (std::uint64_t i = 1; i <= 5; ++i) pubsub::send(publisher, i, 1);
        const auto before = waits_so_far();
        std::uint64_t calls = 0;
        std::uint64_t received = 0;
        while (!round_of(set).empty()) {
            ++calls;
            if (subscriber.receive().value()) ++received;
        }
        REQUIRE(received == 5);
        REQUIRE(calls == 5);
        REQUIRE(waits_so_far() - before == 6);  // the last one finds nothing
        REQUIRE_FALSE(readable(set.file_descriptor()));
    }
}

TEST_CASE("a sample that is taken alone costs a wait set one return from the kernel", "[waitset][quiet]") {
    World world;
    auto service = eight_numbers(world.node, "numbers");
    auto publisher = service.publisher_builder().create().value();
    auto subscriber = service.subscriber_builder().create().value();
    auto set = a_wait_set();
    const auto guard = set.attach_notification(subscriber).value();
    settle(set);
    const auto before = waits_so_far();
    constexpr std::uint64_t samples = 500;
    std::uint64_t received = 0;
    pubsub::send(publisher, std::uint64_t{0}, 1);
    set.wait_and_process([&](const WaitSetAttachmentId&) {
           if (subscriber.receive().value()) ++received;
           if (received == samples) return CallbackProgression::Stop;
           pubsub::send(publisher, received, 1);
           return CallbackProgression::Continue;
       })
        .value();
    CHECK(waits_so_far() - before == samples);
}

TEST_CASE("of two subscribers the one that was drained is quiet", "[waitset][quiet]") {
    World world;
    auto first_service = eight_numbers(world.node, "first");
    auto second_service = eight_numbers(world.node, "second");
    auto to_first = first_service.publisher_builder().create().value();
    auto to_second = second_service.publisher_builder().create().value();
    auto first = first_service.subscriber_builder().create().value();
    auto second = second_service.subscriber_builder().create().value();
    auto set = a_wait_set();
    const auto on_first = set.attach_notification(first).value();
    const auto on_second = set.attach_notification(second).value();
    settle(set);
    pubsub::send(to_first, std::uint64_t{1}, 1);
    pubsub::send(to_second, std::uint64_t{2}, 1);
    CHECK(round_of(set).size() == 2);
    while (first.receive().value()) continue;
    for (int i = 0; i < 10; ++i) CHECK(round_of(set) == ids({&on_second}));
    while (second.receive().value()) continue;
    CHECK(round_of(set).empty());
    CHECK_FALSE(readable(set.file_descriptor()));
}

TEST_CASE("of a publisher that has died a wait set is told, and then left in peace", "[waitset][quiet]") {
    World world;
    auto service = eight_numbers(world.node, "numbers");
    auto subscriber = service.subscriber_builder().create().value();
    auto set = a_wait_set();
    const auto guard = set.attach_notification(subscriber).value();
    {
        auto publisher = service.publisher_builder().create().value();
        pubsub::send(publisher, std::uint64_t{1}, 1);
    }
    std::uint64_t received = 0;
    const auto quiet = [&] {
        for (const auto& id : round_of(set)) {
            CHECK(id.has_event_from(guard));
            while (subscriber.receive().value()) ++received;
        }
        return received == 1 && !readable(set.file_descriptor(), 1);
    };
    CHECK(harness::eventually(quiet));
}
