// SPDX-License-Identifier: Apache-2.0
// Requests and responses grow, too.
#include "catch.hpp"
#include "growth/world.hpp"

#include <unistd.h>

#include <optional>

using namespace growth;

namespace {

auto asked_service(const ipc::Node& node) {
    return node.service_builder("asked").request_response<Slice, Slice>().open_or_create().value();
}

std::size_t asked_length(std::uint64_t request) {
    return request % 3 == 0 ? request : 1000 + request * 7'000;
}

// Answers each request with a slice twice as long.
ACTOR(server_that_grows) {
    auto node = harness::node_at(arguments.at(0));
    auto server = asked_service(node)
                      .server_builder()
                      .allocation_strategy(AllocationStrategy::PowerOfTwo)
                      .create()
                      .value();
    test.tell("ready");
    for (std::uint64_t count = 0; count < 40; ++count) {
        auto request = server.receive(patience).value();
        if (!request) return 1;
        const auto payload = request->payload();
        auto response = request->loan_slice_uninit(2 * payload.size()).value();
        std::move(response)
            .write_from_fn([&](std::size_t i) { return i < payload.size() ? payload[i] : i; })
            .send()
            .value();
    }
    test.expect("end");
    return 0;
}

}  // namespace

TEST_CASE("requests and responses are longer than their ports' first segments allow for", "[growth]") {
    World world;
    harness::Actor server{"server_that_grows", {world.broker.socket()}};
    server.expect("ready");
    auto client = asked_service(world.node)
                      .client_builder()
                      .allocation_strategy(AllocationStrategy::BestFit)
                      .create()
                      .value();
    for (std::uint64_t count = 0; count < 40; ++count) {
        const std::size_t length = asked_length(count);
        auto loan = client.loan_slice_uninit(length).value();
        auto pending =
            std::move(loan).write_from_fn([&](std::size_t i) { return element(count, i); }).send().value();
        const auto response = pending.receive(patience).value();
        REQUIRE(response);
        const auto payload = response->payload();
        REQUIRE(payload.size() == 2 * length);
        for (std::size_t i = 0; i < length; ++i) REQUIRE(payload[i] == element(count, i));
    }
    CHECK_FALSE(further_segments(world.broker.socket()).empty());
    server.tell("end");
    CHECK(server.wait() == harness::Ending{.exited = true, .code = 0});
    client.update_connections().value();
    CHECK(eventually([&] { return further_segments(world.broker.socket()).empty(); }));
}

TEST_CASE("a server that lives gives back what its responses have grown, and nothing that is held",
          "[growth]") {
    World world;
    const bool threaded = GENERATE(true, false);
    auto node = harness::node_at(world.broker.socket(), "server", threaded);
    auto client = asked_service(world.node).client_builder().create().value();
    auto server = asked_service(node)
                      .server_builder()
                      .allocation_strategy(AllocationStrategy::BestFit)
                      .create()
                      .value();
    REQUIRE(eventually([&] { return server.update_connections() && client.update_connections() == 1U; }));
    auto pending = client.loan_slice_uninit(1).value().write_default().send().value();
    auto request = server.receive(patience).value();
    REQUIRE(request);
    for (const std::size_t length : {std::size_t{50'000}, std::size_t{400'000}})
        send(*request, length, length).value();
    CHECK(is_whole(next(pending), 50'000, 50'000));
    auto held = std::optional{next(pending)};
    CHECK(further_segments(world.broker.socket()).size() == 2);

    server.update_connections().value();
    CHECK(eventually([&] { return further_segments(world.broker.socket()).size() == 1; }));
    CHECK(is_whole(*held, 400'000, 400'000));
    held.reset();
    server.update_connections().value();
    CHECK(eventually([&] { return further_segments(world.broker.socket()).empty(); }));
    send(*request, 3, 60'000).value();
    CHECK(is_whole(next(pending), 3, 60'000));
}

TEST_CASE("a client that joins gets what its server has grown before", "[growth]") {
    World world;
    auto service = asked_service(world.node);
    auto server = service.server_builder().allocation_strategy(AllocationStrategy::BestFit).create().value();
    for (int i = 0; i < 5; ++i) {
        auto client =
            service.client_builder().allocation_strategy(AllocationStrategy::BestFit).create().value();
        auto loan = client.loan_slice_uninit(5'000).value();
        auto pending = std::move(loan).write_from_fn([](std::size_t n) { return n; }).send().value();
        auto request = server.receive(patience).value();
        REQUIRE(request);
        REQUIRE(request->payload().size() == 5'000);
        auto answer = request->loan_slice_uninit(6'000).value();
        std::move(answer).write_from_fn([](std::size_t n) { return 2 * n; }).send().value();
        const auto response = pending.receive(patience).value();
        REQUIRE(response);
        CHECK(response->payload().size() == 6'000);
        CHECK(response->payload()[5'999] == 11'998);
    }
}
