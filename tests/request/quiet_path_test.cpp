// SPDX-License-Identifier: Apache-2.0
// Nothing on the way of a request and its responses makes a system call or allocates: see the test of
// samples.
#include "harness/sworn_off.hpp"
#include "request/world.hpp"

#include <unistd.h>

#include <array>
#include <cstdint>
#include <string>

namespace {

using namespace harness;
using namespace request;
using Kilobyte = std::array<std::uint64_t, 128>;

// Two requests under way at a time, a stream of two responses each.
template <class Payload>
void call_in_one_process(std::uint64_t count, ipc::Routing routing) {
    auto node = ipc::NodeBuilder{}.name("quiet").create().value();
    auto service = node.service_builder("quiet").request_response<Payload, Payload>().create().value();
    auto server = service.server_builder().create().value();
    auto client = service.client_builder().routing(routing).create().value();
    const auto answer = [&] {
        auto request = server.receive().value();
        if (!request || !request->is_connected()) return false;
        return request->send_copy({}).value() == 1 && request->send_copy({}).value() == 1;
    };
    const auto exchange = [&](std::uint64_t times) {
        bool right = true;
        for (std::uint64_t i = 0; i < times; ++i) {
            auto first = client.send_copy({}).value();
            auto second = client.send_copy({}).value();
            right = right && answer() && answer() && !server.receive().value();
            right = right && first.receive().value() && first.is_connected() && first.receive().value();
            right = right && !first.receive().value() && first.state() == ipc::StreamState::Completed;
            right = right && second.receive().value();  // dropped with one there
        }
        return right;
    };
    if (!exchange(1000)) ::_exit(lost);
    if (!swear_off_system_calls()) ::_exit(could_not_swear);
    const std::uint64_t before = allocations();
    const bool right = exchange(count);
    end(before, right);
}

template <class Payload>
void call_another(const harness::Line& test, bool asks, std::uint64_t count) {
    auto node = ipc::NodeBuilder{}.name("quiet").create().value();
    auto service =
        node.service_builder("quiet").request_response<Payload, Payload>().open_or_create().value();
    std::optional<ipc::Client<Payload, Payload>> client;
    std::optional<ipc::Server<Payload, Payload>> server;
    if (asks)
        client.emplace(service.client_builder().create().value());
    else
        server.emplace(service.server_builder().create().value());
    test.tell("ready");
    test.expect("begin");
    const auto exchange = [&](std::uint64_t times) {
        for (std::uint64_t i = 0; i < times; ++i) {
            if (asks) {
                auto pending = client->send_copy({}).value();
                while (!pending.receive().value()) {
                }
            } else {
                auto request = server->receive().value();
                while (!request) request = server->receive().value();
                request->send_copy({}).value();
            }
        }
    };
    exchange(100);
    if (!swear_off_system_calls()) ::_exit(could_not_swear);
    const std::uint64_t before = allocations();
    exchange(count);
    end(before, true);
}

ACTOR(quiet_call) {
    const std::uint64_t count = std::stoull(arguments.at(1));
    const auto routing = arguments.at(2) == "all" ? ipc::Routing::ToAll : ipc::Routing::LeastLoaded;
    if (arguments.at(0) == "slot") call_in_one_process<std::uint64_t>(count, routing);
    call_in_one_process<Kilobyte>(count, routing);
    return lost;
}

ACTOR(quiet_caller) {
    const bool asks = arguments.at(1) == "asks";
    constexpr std::uint64_t count = 1000;  // each waits for the other to get a processor
    if (arguments.at(0) == "slot") call_another<std::uint64_t>(test, asks, count);
    call_another<Kilobyte>(test, asks, count);
    return lost;
}

}  // namespace

TEST_CASE("no system call and no allocation on the way of many requests and responses", "[request][quiet]") {
    for (const char* kind : {"slot", "reference"})
        for (const char* routing : {"all", "one"}) {
            harness::BrokerProcess broker;
            harness::Actor actor{"quiet_call", {kind, "100000", routing}, broker.environment()};
            INFO(kind << ' ' << routing);
            CHECK(actor.wait() == harness::Ending{.exited = true, .code = kept});
        }
}

TEST_CASE("nor between a client and a server that poll", "[request][quiet]") {
    for (const char* kind : {"slot", "reference"}) {
        harness::BrokerProcess broker;
        harness::Actor first{"quiet_caller", {kind, "asks"}, broker.environment()};
        first.expect("ready");
        harness::Actor second{"quiet_caller", {kind, "answers"}, broker.environment()};
        second.expect("ready");
        second.tell("begin");
        first.tell("begin");
        INFO(kind);
        CHECK(first.wait() == harness::Ending{.exited = true, .code = kept});
        CHECK(second.wait() == harness::Ending{.exited = true, .code = kept});
    }
}
