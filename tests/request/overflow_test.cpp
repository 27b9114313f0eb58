// SPDX-License-Identifier: Apache-2.0
// Full buffers in both directions: what is lost, who waits, and that nobody else's stream is touched.
#include "request/world.hpp"

#include <array>
#include <cstdint>
#include <future>
#include <optional>
#include <utility>
#include <vector>

using namespace request;

namespace {

using Large = std::array<std::uint64_t, 512>;

struct Overflow {
    bool requests = true;
    bool responses = true;
    bool fire_and_forget = true;
};

template <class Payload>
auto service_with(ipc::Node& node, Overflow overflow) {
    return node.service_builder("full")
        .template request_response<Payload, Payload>()
        .enable_safe_overflow_for_requests(overflow.requests)
        .enable_safe_overflow_for_responses(overflow.responses)
        .enable_fire_and_forget_requests(overflow.fire_and_forget)
        .max_active_requests_per_client(2)
        .max_response_buffer_size(2)
        .open_or_create()
        .value();
}

std::uint64_t number(std::uint64_t payload) {
    return payload;
}
std::uint64_t number(const Large& payload) {
    return payload.front();
}

template <class Payload>
Payload payload(std::uint64_t number) {
    return Payload{number};
}

}  // namespace

TEMPLATE_TEST_CASE("a full response buffer loses its oldest, and other streams lose nothing",
                   "[request][overflow]", std::uint64_t, Large) {
    World world;
    auto service = service_with<TestType>(world.node, {});
    auto server = service.server_builder().create().value();
    auto client = service.client_builder().create().value();
    for (int round = 0; round < 100; ++round) {
        auto crowded = client.send_copy(payload<TestType>(1)).value();
        auto quiet = client.send_copy(payload<TestType>(2)).value();
        {
            auto to_crowded = next(server);
            auto to_quiet = next(server);
            CHECK(to_quiet.send_copy(payload<TestType>(100)).value() == 1);
            for (std::uint64_t i = 1; i <= 5; ++i)
                CHECK(to_crowded.send_copy(payload<TestType>(i)).value() == 1);
        }
        CHECK(number(*next(crowded)) == 4);
        CHECK(number(*next(crowded)) == 5);
        CHECK(crowded.state() == ipc::StreamState::Completed);
        CHECK(number(*next(quiet)) == 100);
        CHECK(quiet.state() == ipc::StreamState::Completed);
    }
}

TEMPLATE_TEST_CASE("a server with too many requests waiting loses the oldest", "[request][overflow]",
                   std::uint64_t, Large) {
    World world;
    auto service = service_with<TestType>(world.node, {});
    auto server = service.server_builder().create().value();
    auto client = service.client_builder().create().value();
    for (int round = 0; round < 100; ++round) {
        for (std::uint64_t i = 1; i <= 3; ++i) (void)client.send_copy(payload<TestType>(i)).value();
        auto last = client.send_copy(payload<TestType>(4)).value();
        auto forgotten = next(server);
        CHECK(number(*forgotten) == 3);
        CHECK(forgotten.state() == ipc::StreamState::Cancelled);
        CHECK(forgotten.send_copy({}).value() == 0);
        auto request = next(server);
        CHECK(number(*request) == 4);
        CHECK(request.send_copy(payload<TestType>(5)).value() == 1);
        CHECK(number(*next(last)) == 5);
    }
    CHECK(server.missed() == 200);
}

TEMPLATE_TEST_CASE("a request whose place a newer one took is over, and whoever waits for it wakes",
                   "[request][overflow]", std::uint64_t, Large) {
    World world;
    auto service = service_with<TestType>(world.node, {});
    auto server = service.server_builder().create().value();
    auto client = service.client_builder().create().value();
    for (int round = 0; round < 100; ++round) {
        auto displaced = client.send_copy(payload<TestType>(1)).value();
        auto waiter = std::async(std::launch::async,
                                 [&displaced] { return displaced.receive(patience).value().has_value(); });
        (void)client.send_copy(payload<TestType>(2)).value();
        CHECK(displaced.state() == ipc::StreamState::Open);
        auto last = client.send_copy(payload<TestType>(3)).value();
        CHECK_FALSE(waiter.get());
        CHECK(displaced.state() == ipc::StreamState::Cancelled);
        CHECK(last.state() == ipc::StreamState::Open);
        (void)next(server);
        CHECK(number(*next(server)) == 3);
        CHECK(displaced.state() == ipc::StreamState::Cancelled);
        CHECK(last.state() == ipc::StreamState::Completed);
    }
}

TEST_CASE("a request that made room at one server is answered by the others", "[request][overflow]") {
    World world;
    auto service = service_with<std::uint64_t>(world.node, {});
    auto idle = service.server_builder().create().value();
    auto busy = service.server_builder().create().value();
    auto client = service.client_builder().create().value();
    auto request = client.send_copy(1).value();
    auto taken = next(busy);
    (void)client.send_copy(2).value();
    (void)client.send_copy(3).value();
    CHECK(request.state() == ipc::StreamState::Open);
    CHECK(taken.send_copy(4).value() == 1);
    CHECK(*next(request) == 4);
    { const auto ends = std::move(taken); }
    CHECK(request.state() == ipc::StreamState::Completed);
}

TEST_CASE("without fire and forget, a request that was given up is not received", "[request][overflow]") {
    World world;
    auto service = service_with<std::uint64_t>(world.node, {.fire_and_forget = false});
    auto server = service.server_builder().create().value();
    std::optional client{service.client_builder().create().value()};
    for (std::uint64_t i = 0; i < 10; ++i) {
        (void)client->send_copy(1).value();
        auto pending = client->send_copy(2).value();
        CHECK(*next(server) == 2);
        CHECK(finds_nothing(server));
    }
    std::optional pending{client->send_copy(3).value()};
    client.reset();
    pending.reset();
    // Whether the broker has said by now that the client is gone, or not.
    CHECK(finds_nothing(server));
    CHECK_FALSE(server.receive(1ms).value().has_value());
}

TEST_CASE("with fire and forget, what a client left is received", "[request][overflow]") {
    World world;
    auto service = service_with<std::uint64_t>(world.node, {});
    auto server = service.server_builder().create().value();
    for (std::uint64_t i = 0; i < 10; ++i) {
        {
            auto client = service.client_builder().create().value();
            (void)client.send_copy(i).value();
        }
        auto request = next(server);
        CHECK(*request == i);
        CHECK_FALSE(request.is_connected());
        CHECK(request.send_copy(0).value() == 0);
    }
}

TEST_CASE("without overflow, a client waits until its server has room for the request",
          "[request][overflow]") {
    World world;
    auto service = service_with<Large>(world.node, {.requests = false});
    auto server = service.server_builder().create().value();
    auto client = service.client_builder().create().value();
    constexpr std::uint64_t count = 2000;
    auto sender = std::async(std::launch::async, [&] {
        for (std::uint64_t i = 0; i < count; ++i)
            if (client.send_copy(Large{i}).value().number_of_server_connections() != 1) return false;
        return true;
    });
    bool in_order = true;
    for (std::uint64_t i = 0; i < count; ++i) in_order = in_order && next(server)->front() == i;
    CHECK(sender.get());
    CHECK(in_order);
    CHECK(server.missed() == 0);
}

TEST_CASE("without overflow, what there is no room for can be discarded", "[request][overflow]") {
    World world;
    auto service = service_with<Large>(world.node, {.requests = false, .responses = false});
    auto server = service.server_builder()
                      .backpressure_strategy(ipc::BackpressureStrategy::DiscardData)
                      .create()
                      .value();
    auto client = service.client_builder()
                      .backpressure_strategy(ipc::BackpressureStrategy::DiscardData)
                      .create()
                      .value();
    for (int round = 0; round < 100; ++round) {
        for (int i = 0; i < 2; ++i)
            CHECK(client.send_copy(Large{1}).value().number_of_server_connections() == 1);
        auto discarded = client.send_copy(Large{2}).value();
        CHECK(discarded.number_of_server_connections() == 0);
        CHECK(discarded.state() == ipc::StreamState::Completed);
        CHECK(client.call(Large{3}, 1s).error() == ipc::CallError::NoServer);
        for (int i = 0; i < 2; ++i) CHECK(next(server)->front() == 1);
        CHECK(finds_nothing(server));
        auto pending = client.send_copy(Large{4}).value();
        {
            auto request = next(server);
            for (std::uint64_t i = 1; i <= 2; ++i) CHECK(request.send_copy(Large{i}).value() == 1);
            CHECK(request.send_copy(Large{3}).value() == 0);
            CHECK(request.is_connected());
            CHECK(next(pending)->front() == 1);
            CHECK(request.send_copy(Large{4}).value() == 1);
        }
        CHECK(next(pending)->front() == 2);
        CHECK(next(pending)->front() == 4);
        CHECK(pending.state() == ipc::StreamState::Completed);
    }
}

TEST_CASE("a backpressure handler decides for requests and for responses", "[request][overflow]") {
    World world;
    auto service = service_with<Large>(world.node, {.requests = false, .responses = false});
    std::vector<ipc::BackpressureInfo> asked;
    const auto fail = [&](const ipc::BackpressureInfo& info) {
        asked.push_back(info);
        return ipc::BackpressureAction::DiscardDataAndFail;
    };
    auto server = service.server_builder().backpressure_handler(fail).create().value();
    auto client = service.client_builder().backpressure_handler(fail).create().value();
    for (std::size_t round = 1; round <= 50; ++round) {
        for (int i = 0; i < 2; ++i) (void)client.send_copy(Large{1}).value();
        CHECK(client.send_copy(Large{2}).error() == ipc::RequestSendError::UnableToDeliver);
        CHECK(client.call(Large{2}, 1s).error() == ipc::CallError::UnableToDeliver);
        CHECK(asked.back().sender == client.id());
        CHECK(asked.back().receiver == server.id());
        for (int i = 0; i < 2; ++i) (void)next(server);
        auto pending = client.send_copy(Large{3}).value();
        auto request = next(server);
        for (int i = 0; i < 2; ++i) CHECK(request.send_copy(Large{4}).value() == 1);
        CHECK(request.send_copy(Large{5}).error() == ipc::SendError::UnableToDeliver);
        CHECK(asked.back().sender == server.id());
        CHECK(asked.back().receiver == client.id());
        CHECK(asked.size() == 3 * round);
    }
}
