// SPDX-License-Identifier: Apache-2.0
#include "request/world.hpp"

#include <atomic>
#include <csignal>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

using namespace request;

namespace {

auto streaming_service(ipc::Node& node) {
    return node.service_builder("stream")
        .request_response<std::uint64_t, std::uint64_t>()
        .enable_safe_overflow_for_responses(false)
        .max_response_buffer_size(2)
        .max_borrowed_responses_per_pending_response(2)
        .open_or_create()
        .value();
}

// Answers each request with that many numbers.
ACTOR(counting_server) {
    auto node = ipc::NodeBuilder{}.create().value();
    auto server = streaming_service(node).server_builder().create().value();
    test.tell("ready");
    while (auto request = server.receive(patience)) {
        if (!*request) continue;
        for (std::uint64_t i = 1; i <= ***request; ++i)
            if ((*request)->send_copy(i).value() == 0) break;
    }
    return 0;
}

}  // namespace

TEST_CASE("a stream without overflow is received whole, though its server has to wait for room",
          "[request]") {
    World world;
    auto service = streaming_service(world.node);
    harness::Actor actor{"counting_server", {}, world.broker.environment()};
    actor.expect("ready");
    auto client = service.client_builder().create().value();
    auto pending = client.send_copy(20000).value();
    std::uint64_t expected = 1;
    while (auto response = pending.receive(patience).value()) CHECK(**response == expected++);
    CHECK(expected == 20001);
    CHECK(pending.state() == ipc::StreamState::Completed);
}

TEST_CASE("a server that waits for room goes on when its client drops the pending response", "[request]") {
    World world;
    auto service = streaming_service(world.node);
    harness::Actor actor{"counting_server", {}, world.broker.environment()};
    actor.expect("ready");
    auto client = service.client_builder().create().value();
    for (int round = 0; round < 20; ++round) {
        auto endless = client.send_copy(~std::uint64_t{0}).value();
        CHECK(*next(endless) == 1);
    }
    auto pending = client.send_copy(1).value();
    CHECK(*next(pending) == 1);
}

TEST_CASE("a stream of a server that was killed ends with that cause, after what it had sent", "[request]") {
    World world;
    auto service = streaming_service(world.node);
    harness::Actor actor{"counting_server", {}, world.broker.environment()};
    actor.expect("ready");
    auto client = service.client_builder().create().value();
    auto pending = client.send_copy(1000).value();
    CHECK(*next(pending) == 1);
    actor.kill();
    while (auto response = pending.receive(patience).value()) CHECK(**response <= 4);
    CHECK(pending.state() == ipc::StreamState::PeerDied);
}

TEST_CASE("threads that wait for different requests are each woken by their own responses", "[request]") {
    World world;
    auto service = streaming_service(world.node);
    harness::Actor actor{"counting_server", {}, world.broker.environment()};
    actor.expect("ready");
    auto client = service.client_builder().create().value();
    std::vector<std::thread> threads;
    std::atomic<int> whole{0};
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([pending = client.send_copy(2000).value(), &whole]() mutable {
            std::uint64_t expected = 1;
            while (auto response = pending.receive(patience).value()) {
                if (**response != expected) return;
                ++expected;
            }
            if (expected == 2001) ++whole;
        });
    for (auto& thread : threads) thread.join();
    CHECK(whole == 4);
}
