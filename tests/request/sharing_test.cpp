// SPDX-License-Identifier: Apache-2.0
// Threads that share clients, servers, requests and their streams; and many clients of many servers.
#include "request/world.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace request;

namespace {

using Kilobyte = std::array<std::uint64_t, 128>;

// Requests that no honest client is cut for.
ipc::DegradationHandler counting(std::atomic<int>& cuts) {
    return [&cuts](const ipc::DegradationInfo&) { ++cuts; };
}

}  // namespace

TEST_CASE("the threads of one server answer the requests of all clients, each once and rightly",
          "[request][threads]") {
    World world;
    auto service = world.node.service_builder("shared")
                       .request_response<Kilobyte, Kilobyte>()
                       .enable_safe_overflow_for_requests(false)
                       .create()
                       .value();
    std::atomic<int> cuts{0};
    auto server =
        service.server_builder().thread_safe(true).degradation_handler(counting(cuts)).create().value();
    std::atomic<bool> stop{false};
    std::vector<std::thread> workers;
    for (int i = 0; i < 3; ++i)
        workers.emplace_back([&] {
            while (!stop) {
                auto request = server.receive(5ms);
                if (!request || !*request) continue;
                auto loan = (*request)->loan_uninit().value();
                const auto number = (**request)->front();
                if (number % 3 == 0)
                    (void)std::move(loan).write_payload(Kilobyte{number}).send().value();
                else
                    (void)(*request)->send_copy(Kilobyte{number}).value();
                // What is loaned here is sent, or dropped, after the request.
            }
        });
    std::atomic<std::uint64_t> right{0};
    std::vector<std::thread> askers;
    constexpr std::uint64_t each = 500;
    for (std::uint64_t c = 0; c < 3; ++c)
        askers.emplace_back([&, c] {
            auto client = service.client_builder().degradation_handler(counting(cuts)).create().value();
            for (std::uint64_t i = 0; i < each; ++i) {
                const std::uint64_t number = c * 1'000'000 + i;
                if (i % 5 == 0) (void)client.send_copy(Kilobyte{number}).value();  // given up at once
                const auto response = client.call(Kilobyte{number}, patience);
                if (response && response->payload().front() == number) ++right;
            }
        });
    for (auto& thread : askers) thread.join();
    stop = true;
    for (auto& thread : workers) thread.join();
    CHECK(right == 3 * each);
    CHECK(cuts == 0);
}

TEST_CASE("a response that one thread sends while another drops the request", "[request][threads]") {
    World world;
    auto service =
        world.node.service_builder("shared").request_response<Kilobyte, Kilobyte>().create().value();
    auto server = service.server_builder().thread_safe(true).create().value();
    auto client = service.client_builder().create().value();
    for (std::uint64_t i = 0; i < 2000; ++i) {
        auto pending = client.send_copy(Kilobyte{i}).value();
        std::optional request{next(server)};
        CHECK(request->payload().front() == i);
        auto loan = request->loan_uninit().value();
        std::atomic<int> ready{0};
        const auto together = [&] {
            ++ready;
            while (ready != 2) {
            }
        };
        std::thread other{[&] {
            together();
            (void)std::move(loan).write_payload(Kilobyte{i}).send().value();
        }};
        together();
        request.reset();
        other.join();
        CHECK(pending.state() != ipc::StreamState::PeerDied);
    }
    // No slot was given to two.
    std::vector<ipc::PendingResponse<Kilobyte>> pending;
    std::vector<ipc::ActiveRequest<Kilobyte, Kilobyte>> active;
    for (std::uint64_t i = 0; i < 4; ++i) pending.push_back(client.send_copy(Kilobyte{i}).value());
    for (std::uint64_t i = 0; i < 4; ++i) active.push_back(next(server));
    for (std::uint64_t i = 0; i < 4; ++i) CHECK(active[i].send_copy(Kilobyte{10 * i}).value() == 1);
    for (std::uint64_t i = 0; i < 4; ++i) CHECK(next(pending[i])->front() == 10 * i);
}

TEST_CASE("threads share a client, and threads share one stream of responses", "[request][threads]") {
    World world;
    auto service = world.node.service_builder("shared")
                       .request_response<std::uint64_t, std::uint64_t>()
                       .enable_safe_overflow_for_responses(false)
                       .max_active_requests_per_client(4)
                       .create()
                       .value();
    auto server = service.server_builder().create().value();
    auto client = service.client_builder().thread_safe(true).create().value();
    constexpr std::uint64_t responses = 3000;
    std::thread serving{[&] {
        for (int i = 0; i < 2; ++i) {
            auto request = next(server);
            for (std::uint64_t n = 1; n <= responses; ++n) request.send_copy(n).value();
        }
    }};
    auto stream = client.send_copy(1).value();
    std::atomic<std::uint64_t> sum{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 2; ++i)
        threads.emplace_back([&] {
            while (stream.is_connected())
                if (const auto response = stream.receive(5ms).value()) sum += **response;
        });
    threads.emplace_back([&] {
        auto other = client.send_copy(2).value();
        while (const auto response = other.receive(patience).value()) sum += **response;
        CHECK(other.state() == ipc::StreamState::Completed);
    });
    for (auto& thread : threads) thread.join();
    serving.join();
    CHECK(stream.state() == ipc::StreamState::Completed);
    CHECK(sum == responses * (responses + 1));
}

namespace {

constexpr std::uint64_t streams = 60;  // of each client
constexpr std::uint64_t length = 20;

auto crowd(ipc::Node& node) {
    return node.service_builder("crowd")
        .request_response<Kilobyte, Kilobyte>()
        .enable_safe_overflow_for_requests(false)
        .enable_safe_overflow_for_responses(false)
        .max_clients(3)
        .max_servers(3)
        .max_active_requests_per_client(3)
        .open_or_create()
        .value();
}

ACTOR(crowd_server) {
    auto node = ipc::NodeBuilder{}.name("server").create().value();
    auto server = crowd(node).server_builder().create().value();
    test.tell("ready");
    // All that wait at a time are answered in turn, a response each.
    std::vector<std::pair<decltype(server)::Received, std::uint64_t>> active;
    while (true) {
        auto request = active.empty() ? server.receive(patience) : server.receive();
        if (!request) return 0;
        if (*request) active.emplace_back(std::move(**request), 0);
        for (auto& [each, sent] : active) (void)each.send_copy(Kilobyte{each->front(), sent++}).value();
        std::erase_if(active, [](const auto& each) { return each.second == length; });
    }
}

ACTOR(crowd_client) {
    auto node = ipc::NodeBuilder{}.name("client").create().value();
    auto client = crowd(node).client_builder().create().value();
    const std::uint64_t own = std::stoull(arguments.at(0)) * 1'000'000;
    test.tell("ready");
    test.expect("begin");
    std::vector<std::pair<decltype(client)::Pending, std::uint64_t>> pending;
    std::map<std::string, std::uint64_t> next_of;  // of a server and a request
    std::uint64_t begun = 0;
    while (begun < streams || !pending.empty()) {
        while (pending.size() < 3 && begun < streams) {
            pending.emplace_back(client.send_copy(Kilobyte{own + begun}).value(), own + begun);
            if (pending.back().first.number_of_server_connections() != 3) return 1;
            ++begun;
        }
        for (auto& [stream, number] : pending)
            while (const auto response = stream.receive(1ms).value()) {
                if ((*response)->front() != number) return 2;
                auto& expected = next_of[response->header().server_id().text() + std::to_string(number)];
                if ((**response)[1] != expected++) return 3;
            }
        std::erase_if(pending, [](const auto& each) { return !each.first.is_connected(); });
    }
    for (const auto& [stream, count] : next_of)
        if (count != length) return 4;
    return next_of.size() == 3 * streams ? 0 : 5;
}

}  // namespace

TEST_CASE("many clients of many servers: streams that are interleaved arrive whole and in order",
          "[request][threads]") {
    World world;
    auto service = crowd(world.node);
    std::vector<std::unique_ptr<harness::Actor>> servers;
    std::vector<std::unique_ptr<harness::Actor>> clients;
    for (int i = 0; i < 3; ++i) {
        servers.push_back(std::make_unique<harness::Actor>("crowd_server", std::vector<std::string>{},
                                                           world.broker.environment()));
        servers.back()->expect("ready");
    }
    for (int i = 0; i < 3; ++i) {
        clients.push_back(std::make_unique<harness::Actor>("crowd_client", std::vector{std::to_string(i)},
                                                           world.broker.environment()));
        clients.back()->expect("ready");
    }
    for (auto& client : clients) client->tell("begin");
    for (auto& client : clients) CHECK(client->wait() == harness::Ending{.exited = true});
}
