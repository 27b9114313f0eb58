// SPDX-License-Identifier: Apache-2.0
// How streams end: by their server, by their client, by a deadline; and that late responses leak nothing.
#include "request/world.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

using namespace request;

namespace {

using Large = std::array<std::uint64_t, 512>;

// By reference, and as few chunks as can be: what leaks runs out.
struct Tight {
    explicit Tight(World& world, bool overflow = true)
        : service{world.node.service_builder("tight")
                      .request_response<Large, Large>()
                      .enable_safe_overflow_for_responses(overflow)
                      .max_active_requests_per_client(1)
                      .max_loaned_requests(1)
                      .max_response_buffer_size(1)
                      .max_borrowed_responses_per_pending_response(1)
                      .max_clients(1)
                      .max_servers(1)
                      .create()
                      .value()},
          server{service.server_builder().max_loaned_responses_per_request(1).create().value()},
          client{service.client_builder().create().value()} {}

    ipc::RequestResponseService<Large, Large> service;
    ipc::Server<Large, Large> server;
    ipc::Client<Large, Large> client;
};

using Pending = ipc::PendingResponse<Large>;

}  // namespace

TEST_CASE("a cancel reaches the server, and nothing more is received", "[request][ending]") {
    World world;
    Tight tight{world};
    for (int round = 0; round < 100; ++round) {
        auto pending = tight.client.send_copy(Large{1}).value();
        auto request = next(tight.server);
        CHECK(request.send_copy(Large{2}).value() == 1);
        pending.cancel();
        CHECK(pending.state() == ipc::StreamState::Cancelled);
        CHECK(request.state() == ipc::StreamState::Cancelled);
        CHECK_FALSE(pending.has_response().value());
        CHECK(finds_nothing(pending));
        CHECK_FALSE(pending.receive(patience).value().has_value());
        CHECK(request.send_copy(Large{3}).value() == 0);
        pending.cancel();
    }
}

TEST_CASE("a wish to disconnect reaches the server, whose stream goes on until it ends it",
          "[request][ending]") {
    World world;
    Tight tight{world};
    for (int round = 0; round < 3; ++round) {
        auto pending = tight.client.send_copy(Large{1}).value();
        auto request = next(tight.server);
        CHECK_FALSE(request.has_disconnect_hint());  // of an older request it does not count
        pending.set_disconnect_hint();
        CHECK(request.has_disconnect_hint());
        CHECK(request.is_connected());
        CHECK(request.send_copy(Large{2}).value() == 1);
        CHECK(next(pending)->front() == 2);
        { auto ended = std::move(request); }
        CHECK(pending.state() == ipc::StreamState::Completed);
    }
}

TEST_CASE("a deadline ends the stream for both sides, with that cause", "[request][ending]") {
    World world;
    Tight tight{world};
    for (int round = 0; round < 20; ++round) {
        auto loan = tight.client.loan().value();
        loan.set_deadline(2ms);
        auto pending = std::move(loan).send().value();
        auto request = next(tight.server);
        REQUIRE(request.deadline().has_value());
        CHECK_FALSE(pending.receive(patience).value().has_value());
        CHECK(pending.state() == ipc::StreamState::DeadlineExceeded);
        CHECK(std::chrono::steady_clock::now() >= *request.deadline());
        CHECK(request.state() == ipc::StreamState::DeadlineExceeded);
        CHECK(request.send_copy(Large{1}).value() == 0);
    }
    // What came in time is received, and an end that came in time is one.
    auto loan = tight.client.loan().value();
    loan.set_deadline(patience);
    auto pending = std::move(loan).send().value();
    CHECK(next(tight.server).send_copy(Large{2}).value() == 1);
    CHECK(next(pending)->front() == 2);
    CHECK(pending.state() == ipc::StreamState::Completed);
}

TEST_CASE("a client's default deadline holds for calls, and for what sets no other", "[request][ending]") {
    World world;
    auto service =
        world.node.service_builder("n").request_response<std::uint64_t, std::uint64_t>().create().value();
    auto server = service.server_builder().create().value();
    auto client = service.client_builder().default_deadline(2ms).create().value();
    CHECK(client.call(1, patience).error() == ipc::CallError::DeadlineExceeded);
    CHECK(next(server).state() != ipc::StreamState::Open);
    auto loan = client.loan().value();
    loan.set_deadline(patience);
    auto pending = std::move(loan).send().value();
    CHECK(next(server).deadline().value() > std::chrono::steady_clock::now() + patience / 2);
    auto unlimited = service.client_builder().create().value();
    auto other = unlimited.send_copy(1).value();
    CHECK_FALSE(next(server).deadline().has_value());
}

TEST_CASE("a call says why there is no answer", "[request][ending]") {
    World world;
    auto service =
        world.node.service_builder("n").request_response<std::uint64_t, std::uint64_t>().create().value();
    auto client = service.client_builder().create().value();
    CHECK(client.call(1, patience).error() == ipc::CallError::NoServer);
    auto server = service.server_builder().create().value();
    CHECK(client.call(1, 1ms).error() == ipc::CallError::Timeout);
    std::thread ends{[&] {
        (void)next(server);
        (void)next(server);
    }};
    CHECK(client.call(1, patience).error() == ipc::CallError::NoResponse);
    ends.join();
}

TEST_CASE("late responses to dropped requests leak nothing", "[request][ending]") {
    World world;
    const bool overflow = GENERATE(true, false);
    Tight tight{world, overflow};
    for (int round = 0; round < 300; ++round) {
        std::optional<Pending> pending{tight.client.send_copy(Large{1}).value()};
        auto request = next(tight.server);
        const bool early = round % 2 == 0;
        if (early) CHECK(request.send_copy(Large{2}).value() == 1);
        auto loan = request.loan_uninit().value();
        pending.reset();
        CHECK(std::move(loan).write_payload(Large{3}).send().value() == 0);
        for (int i = 0; i < 3; ++i) CHECK(request.send_copy(Large{4}).value() == 0);
    }
    auto pending = tight.client.send_copy(Large{5}).value();
    CHECK(next(tight.server).send_copy(Large{6}).value() == 1);
    CHECK(next(pending)->front() == 6);
}

TEST_CASE("responses that are held when their request is dropped are good, and go back",
          "[request][ending]") {
    World world;
    Tight tight{world, false};
    std::optional<Pending::Received> held;
    std::uint64_t what = 0;
    for (std::uint64_t round = 0; round < 300; ++round) {
        auto pending = tight.client.send_copy(Large{1}).value();
        {
            auto request = next(tight.server);
            if (held) CHECK((*held)->front() == what);
            CHECK(request.send_copy(Large{round}).value() == 1);
        }
        // As many as can be held are held, of the request before.
        if (held) CHECK(pending.receive().error() == ipc::ReceiveError::ExceedsMaxBorrows);
        if (round % 7 == 3) continue;  // dropped with its response there
        held.reset();
        held.emplace(next(pending));
        what = round;
        if (round % 7 == 2) continue;
        held.reset();
    }
}

TEST_CASE("responses are loaned until after their request has ended", "[request][ending]") {
    World world;
    Tight tight{world};
    for (int round = 0; round < 100; ++round) {
        auto pending = tight.client.send_copy(Large{1}).value();
        std::optional request{next(tight.server)};
        auto loan = request->loan_uninit().value();
        request.reset();
        CHECK(pending.state() == ipc::StreamState::Completed);
        CHECK(std::move(loan).write_payload(Large{2}).send().value() == 0);
    }
}
