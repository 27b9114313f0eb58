// SPDX-License-Identifier: Apache-2.0
// SIGKILL while a port grows, on both sides.
#include "catch.hpp"
#include "growth/world.hpp"

#include <unistd.h>

#include <future>
#include <optional>

using namespace growth;

namespace {

auto mortal_service(const ipc::Node& node) {
    return node.service_builder("mortal").publish_subscribe<Slice>().open_or_create().value();
}

// Grows and gives back, with every slice.
std::size_t mortal_length(std::uint64_t slice) {
    return 1000 + slice % 9 * 50'000;
}

ACTOR(publisher_that_grows) {
    auto node = harness::node_at(arguments.at(0));
    auto publisher = mortal_service(node)
                         .publisher_builder()
                         .allocation_strategy(AllocationStrategy::BestFit)
                         .create()
                         .value();
    for (std::uint64_t slice = 0;; ++slice) {
        send(publisher, slice, mortal_length(slice)).value();
        publisher.update_connections().value();
    }
    return 0;
}

ACTOR(reader_that_is_killed) {
    auto node = harness::node_at(arguments.at(0));
    auto subscriber = mortal_service(node).subscriber_builder().create().value();
    test.tell("ready");
    while (true) (void)subscriber.receive(patience).value();
    return 0;
}

}  // namespace

TEST_CASE("a receiver that is killed while a port waits for it to map a segment keeps nobody", "[growth]") {
    World world;
    auto service = mortal_service(world.node);
    auto other = service.subscriber_builder().create().value();
    auto publisher =
        service.publisher_builder().allocation_strategy(AllocationStrategy::BestFit).create().value();
    for (std::uint64_t slice = 0; slice < 5; ++slice) {
        harness::Actor reader{"reader_that_is_killed", {world.broker.socket()}};
        reader.expect("ready");
        REQUIRE(publisher.update_connections().value() == 2);
        reader.process.stop();
        const std::size_t length = std::size_t{10'000} << slice;
        const auto before = further_segments(world.broker.socket());
        auto sent = std::async(std::launch::async, [&] { return send(publisher, slice, length).value(); });
        REQUIRE(eventually([&] { return further_segments(world.broker.socket()) != before; }));
        reader.kill();
        CHECK(sent.get() == 1);
        CHECK(is_whole(next(other), slice, length));
    }
}

TEST_CASE("what is held of a sender that is killed while it grows stays; nothing else does", "[growth]") {
    World world;
    auto service = mortal_service(world.node);
    std::optional<std::size_t> descriptors;
    for (int death = 0; death < 20; ++death) {
        auto subscriber = service.subscriber_builder().create().value();
        harness::Actor sender{"publisher_that_grows", {world.broker.socket()}};
        auto sample = next(subscriber);
        for (int i = 0; i < death; ++i) sample = next(subscriber);
        sender.kill();
        const std::uint64_t slice = sample.header().sequence_number() - 1;
        CHECK(is_whole(sample, slice, mortal_length(slice)));
        REQUIRE(eventually([&] { return further_segments(world.broker.socket()).empty(); }));
        CHECK(is_whole(sample, slice, mortal_length(slice)));
        { const auto over = std::move(sample); }
        // What it left is received, and let go, before its memory goes.
        REQUIRE(eventually([&] {
            while (subscriber.receive().value()) {
            }
            return mapped_segments(::getpid()) == 0;
        }));
        if (!descriptors) descriptors = harness::open_descriptors(::getpid());
        CHECK(eventually([&] { return harness::open_descriptors(::getpid()) <= *descriptors; }));
    }
}
