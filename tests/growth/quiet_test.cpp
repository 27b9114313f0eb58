// SPDX-License-Identifier: Apache-2.0
// A sender grows, and on the way of what its receiver receives is no system call and no allocation: a segment
// is mapped by the node's own thread, before anything in it is sent.
#include "catch.hpp"
#include "growth/world.hpp"
#include "harness/sworn_off.hpp"

#include <unistd.h>

using namespace growth;

namespace {

auto quiet_service(const ipc::Node& node) {
    return node.service_builder("quiet growth")
        .publish_subscribe<Slice>()
        .enable_safe_overflow(false)
        .open_or_create()
        .value();
}

constexpr std::uint64_t slices = 60;

ACTOR(receiver_that_swears_off_system_calls) {
    auto node = harness::node_at(arguments.at(0));
    auto subscriber = quiet_service(node).subscriber_builder().create().value();
    const auto receive = [&](std::uint64_t count) {
        for (std::uint64_t slice = 0; slice < count; ++slice) {
            auto sample = subscriber.receive().value();
            while (!sample) sample = subscriber.receive().value();
            if (sample->payload().front() != element(slice, 0)) return false;
        }
        return true;
    };
    test.tell("ready");
    if (!receive(2)) ::_exit(harness::lost);
    if (!harness::swear_off_system_calls()) ::_exit(harness::could_not_swear);
    const std::uint64_t before = harness::allocations();
    harness::end(before, receive(slices));
}

}  // namespace

TEST_CASE("a receiver makes no system call and does not allocate while its sender grows", "[growth]") {
    World world;
    auto service = quiet_service(world.node);
    auto publisher =
        service.publisher_builder().allocation_strategy(AllocationStrategy::BestFit).create().value();
    harness::Actor receiver{"receiver_that_swears_off_system_calls", {world.broker.socket()}};
    receiver.expect("ready");
    for (std::uint64_t slice = 0; slice < 2; ++slice) send(publisher, slice, 10).value();
    for (std::uint64_t slice = 0; slice < slices; ++slice)
        CHECK(send(publisher, slice, 1'000 + slice * 10'000).value() == 1);
    CHECK(receiver.wait() == harness::Ending{.exited = true, .code = harness::kept});
}
