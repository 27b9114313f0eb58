// SPDX-License-Identifier: Apache-2.0
// Nodes that are alive and do nothing.
#include "broker/raw_client.hpp"
#include "catch.hpp"
#include "harness/actor.hpp"
#include "harness/world.hpp"

#include <signal.h>

using namespace std::chrono_literals;

namespace {

using Number = std::uint64_t;

harness::BrokerProcess impatient_broker() {
    return harness::BrokerProcess{
        {.arguments = {}, .environment = {}, .configuration = R"({"session": {"hung_after_ms": 50}})"}};
}

class Observer {
 public:
    explicit Observer(const std::string& socket) : client_{socket} { client_.hello("observer", true); }
    nlohmann::json hung() { return client_.query("status")["hung"]; }
    bool is_hung(const std::string& name) {
        return client_.query("node", name)["nodes"].at(0)["hung"] == true;
    }
    // What lies around for the configured time is shown, sooner or later; and before that it is not.
    bool comes_to_be_hung(const std::string& name) {
        return harness::eventually([&] { return is_hung(name); });
    }

 private:
    RawClient client_;
};

auto service_of(const ipc::Node& node) {
    return node.service_builder("numbers").publish_subscribe<Number>().open_or_create().value();
}

// Its counterpart is not waited for.
ipc::Node impatient_node(const std::string& socket, const std::string& name, bool threaded) {
    ipc::Config config;
    config.socket = socket;
    config.creation_bound = 1ms;
    return harness::node_with(config, name, threaded);
}

}  // namespace

ACTOR(receives_numbers) {
    const auto node = harness::node_at(arguments.at(0), "stopped");
    auto subscriber = service_of(node).subscriber_builder().create().value();
    test.tell("ready");
    const auto sample = subscriber.receive(harness::patience).value();
    test.tell(sample ? std::to_string(**sample) : "nothing");
    test.expect("end");
    return 0;
}

ACTOR(makes_a_publisher) {
    const auto node = impatient_node(arguments.at(0), "peer", true);
    const auto publisher = service_of(node).publisher_builder().create().value();
    test.tell("made");
    test.expect("end");
    return 0;
}

TEST_CASE("a node that is stopped is shown as hung once something waits for it, and goes on where it was") {
    const auto broker = impatient_broker();
    Observer observer{broker.socket()};
    harness::Actor actor{"receives_numbers", {broker.socket()}};
    actor.expect("ready");
    const auto node = impatient_node(broker.socket(), "sending", true);
    actor.process.stop();
    CHECK(observer.hung().empty());  // nothing has waited for it yet
    auto publisher = service_of(node).publisher_builder().create().value();
    CHECK(observer.comes_to_be_hung("stopped"));
    const auto hung = observer.hung();
    REQUIRE(hung.size() == 1);
    CHECK(hung.at(0)["node"] == "stopped");
    CHECK(hung.at(0)["pid"] == actor.process.pid());
    CHECK_FALSE(observer.is_hung("sending"));
    actor.process.signal(SIGCONT);
    CHECK(harness::eventually([&] { return observer.hung().empty(); }));
    CHECK(harness::eventually([&] { return publisher.send_copy(5).value() == 1; }));
    actor.expect("5");
    actor.tell("end");
}

TEST_CASE("a node without a thread that nobody drives is shown as hung, until somebody does") {
    const auto broker = impatient_broker();
    Observer observer{broker.socket()};
    const auto idle = impatient_node(broker.socket(), "idle", false);
    auto subscriber = service_of(idle).subscriber_builder().create().value();
    // In another process: in this one it would drive the idle node.
    harness::Actor peer{"makes_a_publisher", {broker.socket()}};
    peer.expect("made");
    CHECK(observer.comes_to_be_hung("idle"));
    idle.process();
    CHECK(harness::eventually([&] { return !observer.is_hung("idle"); }));
    peer.tell("end");
}

TEST_CASE("a node that reads, but does not map what it was offered, is shown as hung") {
    const auto broker = impatient_broker();
    Observer observer{broker.socket()};
    RawClient peer{broker.socket()};
    peer.hello("peer");
    const auto service = peer.call<wire::ServiceOpened>(open_service("numbers")).service;
    (void)add_subscriber(peer, service);
    RawClient other{broker.socket()};
    other.hello("other");
    (void)add_publisher(other, other.call<wire::ServiceOpened>(open_service("numbers")).service);
    const auto offered = peer.expect<wire::ConnectionOffered>();
    CHECK(observer.comes_to_be_hung("peer"));
    peer.tell(wire::ConnectionMapped{.connection = offered.connection});
    CHECK(harness::eventually([&] { return !observer.is_hung("peer"); }));
}

TEST_CASE("a node that sleeps because there is nothing to do is not hung") {
    const auto broker = impatient_broker();
    Observer observer{broker.socket()};
    harness::Actor actor{"receives_numbers", {broker.socket()}};
    actor.expect("ready");
    const auto until = std::chrono::steady_clock::now() + 200ms;
    while (std::chrono::steady_clock::now() < until) REQUIRE(observer.hung().empty());
    actor.kill();
}
