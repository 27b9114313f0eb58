// SPDX-License-Identifier: Apache-2.0
#include "request/world.hpp"

#include <array>
#include <optional>
#include <utility>
#include <vector>

using namespace request;

namespace {

using Large = std::array<std::uint64_t, 512>;

template <class Request, class Response>
struct Pair {
    explicit Pair(World& world)
        : service{world.node.service_builder("pair")
                      .template request_response<Request, Response>()
                      .create()
                      .value()},
          server{service.server_builder().create().value()},
          client{service.client_builder().create().value()} {}

    ipc::RequestResponseService<Request, Response> service;
    ipc::Server<Request, Response> server;
    ipc::Client<Request, Response> client;
};

}  // namespace

TEST_CASE("a request is received, and its responses come back, in their slots and by reference",
          "[request]") {
    World world;
    Pair<std::uint64_t, std::uint64_t> small{world};
    World other;
    Pair<Large, Large> large{other};
    for (std::uint64_t i = 0; i < 1000; ++i) {
        auto pending = small.client.send_copy(i).value();
        CHECK(pending.number_of_server_connections() == 1);
        auto large_pending = large.client.send_copy(Large{i, 1}).value();
        {
            auto request = next(small.server);
            REQUIRE(*request == i);
            REQUIRE(request.send_copy(2 * i).value() == 1);
            auto large_request = next(large.server);
            REQUIRE(large_request->front() == i);
            auto response = large_request.loan_uninit().value();
            REQUIRE(std::move(response).write_payload(Large{3 * i}).send().value() == 1);
        }
        REQUIRE(*next(pending) == 2 * i);
        REQUIRE(next(large_pending)->front() == 3 * i);
        REQUIRE(finds_nothing(pending));
        REQUIRE(pending.state() == ipc::StreamState::Completed);
        REQUIRE(large_pending.state() == ipc::StreamState::Completed);
    }
}

TEST_CASE("a stream ends when its active request is dropped, and not before", "[request]") {
    World world;
    Pair<std::uint64_t, std::uint64_t> pair{world};
    auto pending = pair.client.send_copy(7).value();
    CHECK(pending.state() == ipc::StreamState::Open);
    {
        auto request = next(pair.server);
        CHECK(request.is_connected());
        request.send_copy(1).value();
        request.send_copy(2).value();
        CHECK(*next(pending) == 1);
        CHECK(pending.is_connected());
    }
    CHECK(pending.is_connected());  // one is left
    CHECK(*next(pending) == 2);
    CHECK(pending.state() == ipc::StreamState::Completed);
    CHECK_FALSE(pending.receive(patience).value().has_value());
}

TEST_CASE("a server sees that a pending response was dropped, and what it sends then goes nowhere",
          "[request]") {
    World world;
    Pair<Large, Large> pair{world};
    for (int round = 0; round < 100; ++round) {
        std::optional pending{pair.client.send_copy(Large{1}).value()};
        auto request = next(pair.server);
        CHECK(request.send_copy(Large{2}).value() == 1);
        pending.reset();
        CHECK(request.state() == ipc::StreamState::Cancelled);
        CHECK(request.send_copy(Large{3}).value() == 0);
    }
}

TEST_CASE("a call brings the first response, or says why there is none", "[request]") {
    World world;
    Pair<std::uint64_t, std::uint64_t> pair{world};
    CHECK(pair.client.call(1, 0ns).error() == ipc::CallError::Timeout);
    CHECK(next(pair.server).state() == ipc::StreamState::Cancelled);
    harness::Actor actor{"doubling_server", {}, world.broker.environment()};
    actor.expect("ready");
    CHECK(*pair.client.call(21, patience).value() == 42);
}

ACTOR(doubling_server) {
    auto node = ipc::NodeBuilder{}.create().value();
    auto service =
        node.service_builder("pair").request_response<std::uint64_t, std::uint64_t>().open().value();
    auto server = service.server_builder().create().value();
    test.tell("ready");
    while (true) {
        auto request = server.receive(patience);
        if (!request || !*request) return 0;
        (void)(*request)->send_copy(2 * ***request);
    }
}
