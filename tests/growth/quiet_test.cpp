// SPDX-License-Identifier: Apache-2.0
// A sender grows, and on the way of what its receiver receives is no system call and no allocation: a segment
// is mapped by the node's own thread, before anything in it is sent.
#include "catch.hpp"
#include "growth/world.hpp"
#include "harness/sworn_off.hpp"

#include <unistd.h>

#include <algorithm>
#include <optional>

using namespace growth;

namespace {

auto there(const ipc::Node& node) {
    return node.service_builder("there").publish_subscribe<Slice>().open_or_create().value();
}

auto back(const ipc::Node& node) {
    return node.service_builder("back").publish_subscribe<std::uint64_t>().open_or_create().value();
}

constexpr std::uint64_t short_slices = 2;
constexpr std::uint64_t slices = 60;

// Answers each, so that its sender never sleeps and has to be woken.
ACTOR(receiver_that_swears_off_system_calls) {
    auto node = harness::node_at(arguments.at(0));
    auto subscriber = there(node).subscriber_builder().create().value();
    auto publisher = back(node).publisher_builder().create().value();
    const auto receive = [&](std::uint64_t first, std::uint64_t last) {
        for (std::uint64_t slice = first; slice < last; ++slice) {
            auto sample = subscriber.receive().value();
            while (!sample) sample = subscriber.receive().value();
            if (sample->payload().front() != element(slice, 0)) return false;
            if (publisher.send_copy(slice).value() != 1) return false;
        }
        return true;
    };
    test.tell("ready");
    if (!receive(0, short_slices)) ::_exit(harness::lost);
    if (!harness::swear_off_system_calls()) ::_exit(harness::could_not_swear);
    const std::uint64_t before = harness::allocations();
    harness::end(before, receive(short_slices, slices));
}

}  // namespace

TEST_CASE("a receiver makes no system call and does not allocate while its sender grows", "[growth]") {
    World world;
    auto publisher = there(world.node)
                         .publisher_builder()
                         .allocation_strategy(AllocationStrategy::BestFit)
                         .create()
                         .value();
    auto answers = back(world.node).subscriber_builder().create().value();
    harness::Actor receiver{"receiver_that_swears_off_system_calls", {world.broker.socket()}};
    receiver.expect("ready");
    std::size_t most = 0;
    for (std::uint64_t slice = 0; slice < slices; ++slice) {
        const std::size_t length = slice < short_slices ? 10 : 1'000 + slice * 10'000;
        REQUIRE(send(publisher, slice, length).value() == 1);
        std::optional<ipc::Sample<std::uint64_t>> answer;
        REQUIRE(eventually([&] { return (answer = answers.receive().value()).has_value(); }));
        CHECK(**answer == slice);
        most = std::max(most, further_segments(world.broker.socket()).size());
    }
    CHECK(most > 0);
    CHECK(receiver.wait() == harness::Ending{.exited = true, .code = harness::kept});
}
