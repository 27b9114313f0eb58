// SPDX-License-Identifier: Apache-2.0
// Growth before, during and after a restart of the broker.
#include "catch.hpp"
#include "growth/world.hpp"

#include <unistd.h>

#include <future>
#include <optional>

using namespace growth;

namespace {

auto restarted_service(const ipc::Node& node) {
    return node.service_builder("restarted")
        .publish_subscribe<Slice>()
        .subscriber_max_buffer_size(4)
        .history_size(2)
        .open_or_create()
        .value();
}

ACTOR(reader_through_restarts) {
    auto node = harness::node_at(arguments.at(0));
    auto subscriber = restarted_service(node).subscriber_builder().create().value();
    test.tell("ready");
    while (true) {
        const auto sample = next(subscriber);
        const std::size_t length = sample.payload().size();
        if (length == 1) return 0;
        const std::uint64_t slice = sample.payload().front() >> 32;
        test.tell(is_whole(sample, slice, length) ? std::to_string(slice) : "broken");
    }
}

}  // namespace

TEST_CASE("what a port has grown outlives the broker; and it grows with the next one", "[growth]") {
    harness::BrokerProcess broker;
    auto node = node_at(broker.socket());
    auto service = restarted_service(node);
    auto publisher =
        service.publisher_builder().allocation_strategy(AllocationStrategy::BestFit).create().value();
    harness::Actor reader{"reader_through_restarts", {broker.socket()}};
    reader.expect("ready");
    std::uint64_t slice = 0;
    const auto exchange = [&](std::size_t length) {
        send(publisher, ++slice, length).value();
        reader.expect(std::to_string(slice));
    };
    // As many as a history and what takes their place needs.
    const auto fill = [&] {
        for (int i = 0; i < 6; ++i) exchange(700'000);
    };
    exchange(20'000);
    fill();
    auto segments = further_segments(broker.socket());
    for (int restarts = 0; restarts < 3; ++restarts) {
        broker.kill();
        exchange(700'000);  // nothing on its way needs a broker
        broker.start_again();
        REQUIRE(are_back(broker, 2));
        CHECK(further_segments(broker.socket()) == segments);
        exchange(700'000);
        exchange(900'000 + 200'000 * static_cast<std::size_t>(restarts));
        // Who comes now gets a history that lies in segments from before and after.
        auto joiner = service.subscriber_builder().create().value();
        CHECK(is_whole(next(joiner), slice - 1, 700'000));
        CHECK(next(joiner).payload().front() >> 32 == slice);
        fill();
        segments = further_segments(broker.socket());
    }
    send(publisher, ++slice, 1).value();
    CHECK(reader.wait() == harness::Ending{.exited = true, .code = 0});
}

TEST_CASE("a loan for which a port has to grow waits for the broker", "[growth]") {
    harness::BrokerProcess broker;
    auto node = node_at(broker.socket());
    auto service = restarted_service(node);
    auto publisher =
        service.publisher_builder().allocation_strategy(AllocationStrategy::PowerOfTwo).create().value();
    auto subscriber = service.subscriber_builder().create().value();
    broker.kill();
    auto sent = std::async(std::launch::async, [&] { return send(publisher, 1, 100'000).value(); });
    CHECK(sent.wait_for(0s) == std::future_status::timeout);
    broker.start_again();
    CHECK(sent.get() == 1);
    CHECK(is_whole(next(subscriber), 1, 100'000));
}

TEST_CASE("what was given back while there was no broker goes everywhere", "[growth]") {
    harness::BrokerProcess broker;
    auto node = node_at(broker.socket());
    auto service = node.service_builder("given back").publish_subscribe<Slice>().create().value();
    auto publisher =
        service.publisher_builder().allocation_strategy(AllocationStrategy::BestFit).create().value();
    auto subscriber = service.subscriber_builder().create().value();
    send(publisher, 1, 400'000).value();
    CHECK(is_whole(next(subscriber), 1, 400'000));
    const std::size_t before = mapped_segments(::getpid());
    broker.kill();
    publisher.update_connections().value();
    CHECK(mapped_segments(::getpid()) == before - 1);  // the sender's own; nobody has told the receiver
    broker.start_again();
    REQUIRE(are_back(broker, 1));
    CHECK(eventually([&] { return mapped_segments(::getpid()) == before - 2; }));
    CHECK(further_segments(broker.socket()).empty());
    send(publisher, 2, 400'000).value();
    CHECK(is_whole(next(subscriber), 2, 400'000));
}
