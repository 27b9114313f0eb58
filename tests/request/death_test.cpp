// SPDX-License-Identifier: Apache-2.0
// SIGKILL of a client or a server at each step of a call: the other one learns it, keeps what it holds, gets
// back what the dead one held, and goes on with the next. There are as few chunks as can be, so that what
// does not come back is missed.
#include "request/world.hpp"

#include <array>
#include <csignal>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace request;

namespace {

using Large = std::array<std::uint64_t, 512>;

auto mortal(ipc::Node& node) {
    return node.service_builder("mortal")
        .request_response<Large, Large>()
        .enable_safe_overflow_for_requests(false)
        .enable_safe_overflow_for_responses(false)
        .max_active_requests_per_client(2)
        .max_loaned_requests(1)
        .max_response_buffer_size(2)
        .max_borrowed_responses_per_pending_response(1)
        .max_clients(1)
        .max_servers(1)
        .open_or_create()
        .value();
}

// Goes as far as it is told, says so, and stays there.
ACTOR(mortal_client) {
    const std::string last = arguments.at(0);
    const auto arrive = [&](const char* step) {
        if (last != step) return;
        test.tell(step);
        (void)test.hear();
    };
    auto node = ipc::NodeBuilder{}.name("mortal").create().value();
    auto client = mortal(node).client_builder().create().value();
    arrive("connected");
    auto loan = client.loan_uninit().value();
    arrive("loaned");
    auto pending = std::move(loan).write_payload(Large{1}).send().value();
    arrive("sent");
    std::optional response{pending.receive(patience).value()};
    arrive("holds");
    response.reset();
    arrive("returned");
    pending.cancel();
    arrive("cancelled");
    return 0;
}

ACTOR(mortal_server) {
    const std::string last = arguments.at(0);
    const auto arrive = [&](const char* step) {
        if (last != step) return;
        test.tell(step);
        (void)test.hear();
    };
    auto node = ipc::NodeBuilder{}.name("mortal").create().value();
    auto server = mortal(node).server_builder().max_loaned_responses_per_request(1).create().value();
    test.tell("ready");
    if (last == "connected") (void)test.hear();
    std::optional request{server.receive(patience).value().value()};
    arrive("received");
    auto loan = request->loan_uninit().value();
    arrive("loaned");
    (void)std::move(loan).write_payload(Large{2}).send().value();
    arrive("answered");
    request->send_copy(Large{3}).value();
    arrive("answered twice");
    request.reset();
    arrive("ended");
    return 0;
}

ACTOR(busy_client) {
    auto node = ipc::NodeBuilder{}.name("busy").create().value();
    auto client = mortal(node).client_builder().create().value();
    test.tell("ready");
    while (true) (void)client.call(Large{1}, patience);
}

ACTOR(busy_server) {
    auto node = ipc::NodeBuilder{}.name("busy").create().value();
    auto server = mortal(node).server_builder().create().value();
    test.tell("ready");
    while (auto request = server.receive(patience))
        if (*request)
            for (std::uint64_t i = 1; i <= 3; ++i) (void)(*request)->send_copy(Large{i});
    return 0;
}

// The successor is connected once the broker has seen the death: there is room for one.
std::unique_ptr<harness::Actor> successor(const World& world, const char* name,
                                          const std::vector<std::string>& arguments = {}) {
    return std::make_unique<harness::Actor>(name, arguments, world.broker.environment());
}

}  // namespace

TEST_CASE("a server outlives clients that are killed at each step of a call", "[request][death]") {
    World world;
    auto service = mortal(world.node);
    auto server = service.server_builder().max_loaned_responses_per_request(1).create().value();
    for (int round = 0; round < 3; ++round)
        for (const std::string step : {"connected", "loaned", "sent", "holds", "returned", "cancelled"}) {
            INFO(step);
            auto client = successor(world, "mortal_client", {step});
            std::optional<decltype(server)::Received> request;
            const bool asks = step != "connected" && step != "loaned";
            if (asks) {
                if (step == "sent") {
                    client->expect(step);
                } else {
                    request.emplace(next(server));
                    // Who cancels may do so before the answers are looked after.
                    for (std::uint64_t i = 2; i <= 3; ++i)
                        CHECK((request->send_copy(Large{i}).value() == 1 || step == "cancelled"));
                    client->expect(step);
                }
            } else {
                client->expect(step);
            }
            std::optional<ipc::ResponseMutUninit<Large>> loan;
            if (request) loan.emplace(request->loan_uninit().value());
            client->kill();
            if (step == "sent") request.emplace(next(server));  // it was there before
            if (request) {
                CHECK((*request)->front() == 1);
                const auto over =
                    step == "cancelled" ? ipc::StreamState::Cancelled : ipc::StreamState::PeerDied;
                CHECK(harness::eventually([&] {
                    const auto state = request->state();
                    return state == over || state == ipc::StreamState::PeerDied;
                }));
                if (loan) CHECK(std::move(*loan).write_payload(Large{4}).send().value() == 0);
                CHECK(request->send_copy(Large{5}).value() == 0);
            }
            request.reset();
            // The next one can only come when the broker has seen the death.
            REQUIRE(harness::eventually([&] { return service.client_builder().create().has_value(); }));
        }
    auto client = service.client_builder().create().value();
    for (std::uint64_t i = 0; i < 100; ++i) {
        auto pending = client.send_copy(Large{i}).value();
        CHECK(next(server).send_copy(Large{i}).value() == 1);
        REQUIRE(next(pending)->front() == i);
    }
}

TEST_CASE("a client outlives servers that are killed at each step of a call", "[request][death]") {
    World world;
    auto service = mortal(world.node);
    auto client = service.client_builder().create().value();
    std::vector<ipc::Response<Large>> held;
    for (int round = 0; round < 3; ++round)
        for (const std::string step :
             {"connected", "received", "loaned", "answered", "answered twice", "ended"}) {
            INFO(step);
            auto server = successor(world, "mortal_server", {step});
            server->expect("ready");
            auto pending = client.send_copy(Large{1}).value();
            CHECK(pending.number_of_server_connections() == 1);
            if (step != "connected") server->expect(step);
            const bool keeps = step == "answered twice" && round == 0;
            if (keeps) held.push_back(next(pending));
            server->kill();
            std::vector<std::uint64_t> received;
            // What is held of the dead server counts on: one is all that can be.
            if (!keeps)
                while (auto response = pending.receive(patience).value())
                    received.push_back((*response)->front());
            std::vector<std::uint64_t> expected;
            if (step == "answered") expected = {2};
            if ((step == "answered twice" && !keeps) || step == "ended") expected = {2, 3};
            CHECK(received == expected);
            if (!keeps)
                CHECK(pending.state() ==
                      (step == "ended" ? ipc::StreamState::Completed : ipc::StreamState::PeerDied));
            REQUIRE(harness::eventually([&] { return service.server_builder().create().has_value(); }));
        }
    for (const auto& response : held) CHECK(response->front() == 2);
    auto server = service.server_builder().create().value();
    for (std::uint64_t i = 0; i < 100; ++i) {
        auto pending = client.send_copy(Large{i}).value();
        CHECK(next(server).send_copy(Large{i}).value() == 1);
        REQUIRE(next(pending)->front() == i);
    }
}

TEST_CASE("clients that are killed in the middle of their calls leave their server whole",
          "[request][death]") {
    World world;
    auto service = mortal(world.node);
    auto server = service.server_builder().max_loaned_responses_per_request(1).create().value();
    for (int calls = 1; calls <= 10; ++calls) {
        auto client = successor(world, "busy_client");
        client->expect("ready");
        for (int i = 0; i < calls; ++i) {
            auto request = next(server);
            (void)request.send_copy(Large{1}).value();
            if (i + 1 == calls) client->process.signal(SIGKILL);
            (void)request.send_copy(Large{2}).value();
        }
        client->wait();
        while (server.receive().value()) {
        }
        REQUIRE(harness::eventually([&] { return service.client_builder().create().has_value(); }));
    }
    auto client = service.client_builder().create().value();
    auto pending = client.send_copy(Large{7}).value();
    CHECK(next(server)->front() == 7);
}

TEST_CASE("servers that are killed in the middle of their answers leave their client whole",
          "[request][death]") {
    World world;
    auto service = mortal(world.node);
    auto client = service.client_builder().create().value();
    for (int calls = 1; calls <= 10; ++calls) {
        auto server = successor(world, "busy_server");
        server->expect("ready");
        for (int i = 0; i + 1 < calls; ++i) CHECK(client.call(Large{1}, patience).value()->front() == 1);
        auto pending = client.send_copy(Large{1}).value();
        auto other = client.send_copy(Large{2}).value();
        server->process.signal(SIGKILL);
        for (auto* stream : {&pending, &other}) {
            std::uint64_t last = 0;
            while (auto response = stream->receive(patience).value()) {
                CHECK((*response)->front() == last + 1);
                last = (*response)->front();
            }
            CHECK(stream->state() == (last == 3 ? stream->state() : ipc::StreamState::PeerDied));
        }
        server->wait();
        REQUIRE(harness::eventually([&] { return service.server_builder().create().has_value(); }));
    }
}

TEST_CASE("a client that waits for room goes on when its server is killed", "[request][death]") {
    World world;
    auto service = mortal(world.node);
    auto client = service.client_builder().create().value();
    auto server = successor(world, "mortal_server", {"connected"});
    server->expect("ready");
    for (int i = 0; i < 2; ++i) (void)client.send_copy(Large{1}).value();
    std::thread killer{[&] { server->kill(); }};
    auto pending = client.send_copy(Large{1}).value();
    killer.join();
    CHECK(pending.number_of_server_connections() == 0);
    CHECK(pending.state() == ipc::StreamState::Completed);
}

TEST_CASE("calls go on when the broker was killed", "[request][death]") {
    World world;
    auto service = mortal(world.node);
    auto client = service.client_builder().create().value();
    auto server = successor(world, "busy_server");
    server->expect("ready");
    CHECK(client.call(Large{1}, patience).has_value());
    world.broker.kill();
    for (int i = 0; i < 100; ++i) REQUIRE(client.call(Large{1}, patience).has_value());
    auto pending = client.send_copy(Large{1}).value();
    CHECK(next(pending)->front() == 1);
    server->kill();
    while (pending.receive(patience).value()) {
    }
    CHECK(pending.state() != ipc::StreamState::Open);
}
