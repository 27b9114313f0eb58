// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "harness/actor.hpp"
#include "harness/broker_process.hpp"
#include "node/on_broker.hpp"

#include <ipc/ipc.hpp>

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <map>
#include <optional>
#include <thread>

namespace {

ipc::NodeBuilder quiet() {
    return ipc::NodeBuilder{}.signal_handling_mode(ipc::SignalHandlingMode::Disabled);
}

std::map<ipc::UniqueNodeId, ipc::NodeDetails> nodes_of(const ipc::Config& config) {
    std::map<ipc::UniqueNodeId, ipc::NodeDetails> nodes;
    ipc::Node::list(config, [&](const ipc::NodeDetails& node) {
        nodes[node.id] = node;
        return ipc::CallbackProgression::Continue;
    }).value();
    return nodes;
}

ACTOR(node_holder) {
    ipc::Config config;
    config.socket = arguments.at(0);
    const auto node = quiet().name("held").config(config).create().value();
    test.tell(node.id().text());
    test.hear();
    return 0;
}

}  // namespace

TEST_CASE("nodes are seen with their names while they live") {
    const harness::BrokerProcess broker;
    harness::Actor holder{"node_holder", {broker.socket()}};
    const std::string held_id = holder.hear();
    auto first = std::optional{quiet().name("range-finder").config(on(broker)).create().value()};
    const auto unnamed = quiet().config(on(broker)).create().value();
    CHECK(first->name() == "range-finder");
    CHECK(first->id() != unnamed.id());

    auto nodes = nodes_of(on(broker));
    REQUIRE(nodes.count(first->id()) == 1);
    CHECK(nodes[first->id()].name == "range-finder");
    CHECK(nodes[first->id()].pid == static_cast<std::uint64_t>(::getpid()));
    CHECK(nodes[first->id()].library_version == ipc::version());
    CHECK(nodes.count(unnamed.id()) == 1);

    const auto is_there = [&](const std::string& id) {
        for (const auto& [key, node] : nodes_of(on(broker)))
            if (key.text() == id) return true;
        return false;
    };
    CHECK(is_there(held_id));
    holder.kill();
    CHECK(harness::eventually([&] { return !is_there(held_id); }));

    const std::string id = first->id().text();
    first.reset();
    CHECK(harness::eventually([&] { return !is_there(id); }));
}

TEST_CASE("names of nodes are at most 128 bytes of UTF-8") {
    const harness::BrokerProcess broker;
    CHECK(quiet().name(std::string(128, 'n')).config(on(broker)).create());
    for (const std::string& name : {std::string(129, 'n'), std::string{"a\xff"}, std::string{"a\0b", 3}}) {
        auto node = quiet().name(name).config(on(broker)).create();
        REQUIRE_FALSE(node);
        CHECK(node.error() == ipc::NodeCreationError::InvalidName);
    }
    auto too_long = quiet().name(std::string(129, 'n')).config(on(broker)).create();
    CHECK(too_long.error().message().find("129") != std::string::npos);
    CHECK(too_long.error().message().find("128") != std::string::npos);
}

TEST_CASE("a node lives as long as something that was made from it") {
    const harness::BrokerProcess broker;
    auto node = std::optional{quiet().config(on(broker)).create().value()};
    const auto id = node->id();
    auto service = std::optional{node->service_builder("S").publish_subscribe<int>().create().value()};
    node.reset();
    CHECK(nodes_of(on(broker)).count(id) == 1);
    service.reset();
    CHECK(harness::eventually([&] { return nodes_of(on(broker)).count(id) == 0; }));
}

TEST_CASE("a node is used by several threads at once") {
    const harness::BrokerProcess broker;
    const bool control_thread = GENERATE(true, false);
    const auto node = quiet().config(on(broker)).control_thread(control_thread).create().value();
    std::vector<std::thread> threads;
    std::atomic<int> done{0};
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 50; ++i) {
                const std::string name = std::to_string(t) + "/" + std::to_string(i);
                if (node.service_builder(name).publish_subscribe<int>().create()) ++done;
            }
        });
    for (auto& thread : threads) thread.join();
    CHECK(done == 200);
}

TEST_CASE("local nodes share a broker inside the process, which ends with the last of them") {
    auto first = std::optional{quiet().name("one").local().create().value()};
    const auto service = first->service_builder("S").publish_subscribe<int>().create().value();
    {
        const auto second = quiet().name("two").local().create().value();
        CHECK(second.service_builder("S").publish_subscribe<int>().open());
        CHECK(service.dynamic_config().value().nodes.size() == 1);
    }
    first.reset();
    CHECK(service.dynamic_config());  // the service keeps node and broker
}

TEST_CASE("a local world begins empty") {
    for (int i = 0; i < 3; ++i) {
        const auto node = quiet().local().create().value();
        CHECK(node.service_builder("S").publish_subscribe<int>().create());
    }
}

TEST_CASE("a broker that dies takes no node with it, and the node says what to do") {
    harness::BrokerProcess broker;
    auto config = on(broker);
    config.timeout = std::chrono::milliseconds{200};
    const auto node = quiet().config(config).create().value();
    const auto service = node.service_builder("S").publish_subscribe<int>().create().value();
    broker.kill();
    auto next = node.service_builder("T").publish_subscribe<int>().create();
    REQUIRE_FALSE(next);
    CHECK(next.error() == ipc::PublishSubscribeCreateError::NoBroker);
    CHECK(next.error().message().find(broker.socket()) != std::string::npos);
    CHECK(next.error().message().find("this node finds it") != std::string::npos);
    CHECK(service.dynamic_config().error() == ipc::ServiceDetailsError::NoBroker);
    CHECK(node.wait(std::chrono::milliseconds{1}));
    broker.start_again();
    CHECK(quiet().config(on(broker)).create());
}

TEST_CASE("a broker that is stopped makes requests time out, and what it did too late is undone") {
    harness::BrokerProcess broker;
    auto config = on(broker);
    config.timeout = std::chrono::milliseconds{50};
    const auto node = quiet().config(config).create().value();
    broker.process().stop();
    auto late = node.service_builder("S").publish_subscribe<int>().create();
    REQUIRE_FALSE(late);
    CHECK(late.error() == ipc::PublishSubscribeCreateError::Timeout);
    auto unreached = quiet().config(config).create();
    REQUIRE_FALSE(unreached);
    CHECK(unreached.error() == ipc::NodeCreationError::Timeout);
    broker.process().signal(SIGCONT);
    auto patient = on(broker);
    CHECK(harness::eventually([&] { return !ipc::Service::does_exist("S", patient).value(); }));
    const auto other = quiet().config(patient).create().value();
    CHECK(other.service_builder("S").publish_subscribe<int>().create());
}
