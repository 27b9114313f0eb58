// SPDX-License-Identifier: Apache-2.0
// Which servers get a request; and who gets it when its server died.
#include "request/world.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace request;

namespace {

auto routed_service(ipc::Node& node) {
    return node.service_builder("routed")
        .request_response<std::uint64_t, std::uint64_t>()
        .max_servers(3)
        .max_active_requests_per_client(6)
        .max_response_buffer_size(2)
        .open_or_create()
        .value();
}

ipc::Client<std::uint64_t, std::uint64_t> least_loaded(ipc::Node& node, bool retry = false) {
    return routed_service(node)
        .client_builder()
        .routing(ipc::Routing::LeastLoaded)
        .retry_on_server_death(retry)
        .create()
        .value();
}

// Says what it received, and answers with its own number when it is told to.
ACTOR(slow_server) {
    auto node = ipc::NodeBuilder{}.name("slow").create().value();
    auto server = routed_service(node).server_builder().create().value();
    test.tell("ready");
    const std::uint64_t own = std::stoull(arguments.at(0));
    while (auto request = server.receive(patience)) {
        if (!*request) continue;
        test.tell("received");
        if (test.hear() == "answer") (*request)->send_copy(own).value();
    }
    return 0;
}

using Actors = std::vector<std::unique_ptr<harness::Actor>>;

Actors start(const World& world, int count) {
    Actors actors;
    for (int i = 0; i < count; ++i) {
        actors.push_back(std::make_unique<harness::Actor>("slow_server", std::vector{std::to_string(i)},
                                                          world.broker.environment()));
        actors.back()->expect("ready");
    }
    return actors;
}

}  // namespace

TEST_CASE("a request goes to all servers, and each has a stream of its own", "[request][routing]") {
    World world;
    auto service = routed_service(world.node);
    auto first = service.server_builder().create().value();
    auto second = service.server_builder().create().value();
    auto client = service.client_builder().create().value();
    auto pending = client.send_copy(1).value();
    CHECK(pending.number_of_server_connections() == 2);
    std::map<std::string, int> answers;
    {
        auto one = next(first);
        one.send_copy(1).value();
        one.send_copy(1).value();
        {
            auto two = next(second);
            two.send_copy(2).value();
        }
        for (int i = 0; i < 3; ++i) {
            auto response = next(pending);
            ++answers[response.header().server_id().text()];
        }
        CHECK(pending.is_connected());  // one has ended its stream
    }
    CHECK(pending.state() == ipc::StreamState::Completed);
    CHECK(answers[first.id().text()] == 2);
    CHECK(answers[second.id().text()] == 1);
}

TEST_CASE("requests go to the server with the fewest of them, and to each in turn", "[request][routing]") {
    World world;
    auto service = routed_service(world.node);
    std::vector<ipc::Server<std::uint64_t, std::uint64_t>> servers;
    for (int i = 0; i < 3; ++i) servers.push_back(service.server_builder().create().value());
    auto client = least_loaded(world.node);
    std::vector<ipc::PendingResponse<std::uint64_t>> pending;
    for (int i = 0; i < 6; ++i) {
        pending.push_back(client.send_copy(1).value());
        CHECK(pending.back().number_of_server_connections() == 1);
    }
    std::vector<ipc::ActiveRequest<std::uint64_t, std::uint64_t>> active;
    for (auto& server : servers) {
        for (int i = 0; i < 2; ++i) active.push_back(next(server));
        CHECK(finds_nothing(server));
    }
    // The one whose requests are over gets the next two.
    const auto of_the_first = [&](const auto& request) {
        return request.state() == ipc::StreamState::Cancelled;
    };
    pending[0].cancel();
    const auto gone = std::find_if(active.begin(), active.end(), of_the_first);
    REQUIRE(gone != active.end());
    const auto free = static_cast<std::size_t>(gone - active.begin()) / 2;
    pending.erase(pending.begin());
    pending.push_back(client.send_copy(1).value());
    CHECK(*next(servers[free]) == 1);
    pending.clear();
    // None is under way: all get one in turn.
    for (int i = 0; i < 3; ++i) (void)client.send_copy(2).value();
    for (auto& server : servers) CHECK(*next(server) == 2);
}

TEST_CASE("the request of a server that was killed before it answered goes to another",
          "[request][routing][death]") {
    World world;
    const bool by_call = GENERATE(false, true);
    auto actors = start(world, 3);
    auto client = least_loaded(world.node, true);
    // Kills whoever has the request, until one is left, and has that one answer.
    std::thread killer{[&] {
        for (int left = 3; left > 0; --left) {
            const auto has_it = [](const std::unique_ptr<harness::Actor>& actor) {
                return actor->process.runs() && actor->line.has_message();
            };
            auto found = actors.end();
            if (!harness::eventually([&] {
                    found = std::find_if(actors.begin(), actors.end(), has_it);
                    return found != actors.end();
                }))
                return;
            (*found)->expect("received");
            if (left == 1)
                (*found)->tell("answer");
            else
                (*found)->kill();
        }
    }};
    if (by_call) {
        CHECK(client.call(1, patience).value().payload() < 3);
    } else {
        auto pending = client.send_copy(1).value();
        CHECK(*next(pending) < 3);
        CHECK(pending.number_of_server_connections() == 1);
        CHECK_FALSE(pending.receive(patience).value().has_value());
        CHECK(pending.state() == ipc::StreamState::Completed);
    }
    killer.join();
}

TEST_CASE("without a retry, or with an answer, the death of a server is what ends the stream",
          "[request][routing][death]") {
    World world;
    auto actors = start(world, 1);
    {
        auto client = least_loaded(world.node);
        auto pending = client.send_copy(1).value();
        actors[0]->expect("received");
        actors[0]->kill();
        CHECK_FALSE(pending.receive(patience).value().has_value());
        CHECK(pending.state() == ipc::StreamState::PeerDied);
    }
    auto client = least_loaded(world.node, true);
    CHECK(client.call(1, 1ms).error() == ipc::CallError::NoServer);
    actors = start(world, 1);
    auto pending = client.send_copy(1).value();
    actors[0]->expect("received");
    actors[0]->kill();
    CHECK_FALSE(pending.receive(patience).value().has_value());
    CHECK(pending.state() == ipc::StreamState::PeerDied);
    // Whoever comes later gets it.
    actors = start(world, 1);
    CHECK(pending.state() == ipc::StreamState::Open);
    actors[0]->expect("received");
    actors[0]->tell("answer");
    CHECK(*next(pending) == 0);
}
