// SPDX-License-Identifier: Apache-2.0
// A receiver that stands still does not map what a port has grown.
#include "catch.hpp"
#include "growth/world.hpp"

#include <sys/wait.h>

#include <csignal>
#include <future>

using namespace growth;

namespace {

auto slow_service(const ipc::Node& node, bool overflow) {
    return node.service_builder("slow")
        .publish_subscribe<Slice>()
        .enable_safe_overflow(overflow)
        .subscriber_max_buffer_size(8)
        .open_or_create()
        .value();
}

constexpr std::size_t unit_of_length = 50'000;

// Tells the number of each slice that it receives.
ACTOR(reader_that_stands_still) {
    auto node = harness::node_at(arguments.at(0));
    auto subscriber = slow_service(node, arguments.at(1) == "overflow").subscriber_builder().create().value();
    test.tell("ready");
    for (std::uint64_t last = 0; last != 5;) {
        const auto sample = next(subscriber);
        last = sample.payload().front() >> 32;
        test.tell((is_whole(sample, last, unit_of_length * last) ? "" : "broken ") + std::to_string(last));
    }
    return 0;
}

// Whose creation bound is short.
ipc::Node impatient_node(const std::string& socket) {
    auto config = harness::config_for(socket);
    config.creation_bound = 20ms;
    return harness::node_with(config, "impatient");
}

void stand_still(harness::Actor& actor) {
    actor.process.signal(SIGSTOP);
    siginfo_t info{};
    if (::waitid(P_PID, static_cast<id_t>(actor.process.pid()), &info, WSTOPPED | WNOWAIT) != 0)
        throw ipc::Failure{"the process does not stop"};
}

}  // namespace

TEST_CASE("a receiver that stands still loses what is sent in memory that it has not, and nobody else does",
          "[growth]") {
    harness::BrokerProcess broker;
    auto node = impatient_node(broker.socket());
    auto service = slow_service(node, true);
    auto here = service.subscriber_builder().create().value();
    auto publisher =
        service.publisher_builder().allocation_strategy(AllocationStrategy::BestFit).create().value();
    harness::Actor there{"reader_that_stands_still", {broker.socket(), "overflow"}};
    there.expect("ready");
    REQUIRE(send(publisher, 1, unit_of_length).value() == 2);
    CHECK(is_whole(next(here), 1, unit_of_length));
    there.expect("1");
    stand_still(there);
    for (std::uint64_t slice = 2; slice <= 4; ++slice) {
        CHECK(send(publisher, slice, unit_of_length * slice).value() == 1);
        CHECK(is_whole(next(here), slice, unit_of_length * slice));
    }
    there.process.signal(SIGCONT);
    // Once it has the memory, it gets what is sent there.
    REQUIRE(eventually([&] { return send(publisher, 5, unit_of_length * 5).value() == 2; }));
    there.expect("5");
    CHECK(there.wait() == harness::Ending{.exited = true, .code = 0});
}

TEST_CASE("where nothing is lost, a sender waits until a receiver that stood still has the memory",
          "[growth]") {
    harness::BrokerProcess broker;
    auto node = impatient_node(broker.socket());
    auto service = slow_service(node, false);
    auto publisher =
        service.publisher_builder().allocation_strategy(AllocationStrategy::PowerOfTwo).create().value();
    harness::Actor there{"reader_that_stands_still", {broker.socket(), "no overflow"}};
    there.expect("ready");
    REQUIRE(send(publisher, 1, unit_of_length).value() == 1);
    there.expect("1");
    stand_still(there);
    const auto before = further_segments(broker.socket());
    auto sent = std::async(std::launch::async, [&] {
        std::size_t received = 0;
        for (std::uint64_t slice = 2; slice <= 5; ++slice)
            received += send(publisher, slice, unit_of_length * slice).value();
        return received;
    });
    REQUIRE(eventually([&] { return further_segments(broker.socket()) != before; }));
    there.process.signal(SIGCONT);
    for (const char* slice : {"2", "3", "4", "5"}) there.expect(slice);
    CHECK(sent.get() == 4);
    CHECK(there.wait() == harness::Ending{.exited = true, .code = 0});
}

TEST_CASE("a sender that waits for a receiver to map a segment goes on when that one is killed", "[growth]") {
    harness::BrokerProcess broker;
    auto node = impatient_node(broker.socket());
    auto service = slow_service(node, false);
    auto publisher =
        service.publisher_builder().allocation_strategy(AllocationStrategy::PowerOfTwo).create().value();
    harness::Actor there{"reader_that_stands_still", {broker.socket(), "no overflow"}};
    there.expect("ready");
    stand_still(there);
    auto sent =
        std::async(std::launch::async, [&] { return send(publisher, 2, 2 * unit_of_length).value(); });
    REQUIRE(eventually([&] { return further_segments(broker.socket()).size() == 1; }));
    there.kill();
    CHECK(sent.get() == 0);
}
