// SPDX-License-Identifier: Apache-2.0
// What the broker shows of clients and servers is what they counted.
#include "request/world.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace request;

namespace {

nlohmann::json port_of(const World& world, const ipc::UniquePortId& id) {
    auto introspection = ipc::Introspection::open(harness::config_for(world.broker.socket())).value();
    const auto answer = nlohmann::json::parse(introspection.ask("ports", "").value());
    for (const auto& port : answer.at("ports"))
        if (port.at("id") == id.text()) return port;
    throw ipc::Failure{"the broker does not know the port"};
}

}  // namespace

TEMPLATE_TEST_CASE("the broker shows what clients and servers counted", "[request][counters]", std::uint64_t,
                   (std::array<std::uint64_t, 64>)) {
    World world;
    auto service = world.node.service_builder("counted")
                       .request_response<TestType, TestType>()
                       .max_response_buffer_size(2)
                       .create()
                       .value();
    auto server = service.server_builder().create().value();
    auto client = service.client_builder().create().value();
    auto pending = client.send_copy({}).value();
    std::optional given_up{client.send_copy({}).value()};
    auto request = next(server);
    auto useless = next(server);
    for (int i = 0; i < 5; ++i) request.send_copy({}).value();
    given_up.reset();
    CHECK(useless.send_copy({}).value() == 0);
    auto loan = request.loan_uninit().value();
    auto request_loan = client.loan_uninit().value();
    std::vector<typename decltype(pending)::Received> held;
    for (int i = 0; i < 2; ++i) held.push_back(next(pending));
    CHECK(finds_nothing(pending));  // responses are counted when there is time
    const auto asked = port_of(world, client.id()).at("counters");
    CHECK(asked.at("sent") == 2);
    CHECK(asked.at("delivered") == 2);
    CHECK(asked.at("lost") == 0);
    CHECK(asked.at("blocked") == 0);
    CHECK(asked.at("loaned") == 1);
    CHECK(asked.at("received") == 2);
    CHECK(asked.at("missed") == 3);
    CHECK(asked.at("active") == 1);
    CHECK(asked.at("cut") == 0);
    CHECK(asked.at("bytes") == 4 * sizeof(TestType));
    const auto answered = port_of(world, server.id()).at("counters");
    CHECK(answered.at("received") == 2);
    CHECK(answered.at("active") == 2);
    CHECK(answered.at("lost") == 0);
    CHECK(answered.at("sent") == 6);
    CHECK(answered.at("delivered") >= 5);
    CHECK(answered.at("dropped") == 3);
    CHECK(answered.at("blocked") == 0);
    CHECK(answered.at("loaned") == 1);
    CHECK(answered.at("ended") == 1);
    CHECK(answered.at("cut") == 0);
    held.clear();
    { auto over = std::move(pending); }
    { auto over = std::move(request); }
    CHECK(port_of(world, client.id()).at("counters").at("active") == 0);
    CHECK(port_of(world, server.id()).at("counters").at("active") == 1);
}
