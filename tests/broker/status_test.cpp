// SPDX-License-Identifier: Apache-2.0
// Questions about the broker's world.
#include "catch.hpp"
#include "harness/broker_process.hpp"
#include "layout/counters.hpp"
#include "raw_client.hpp"
#include "shm/mapping.hpp"

#include <unistd.h>

#include <cstring>

namespace {

struct Watched {
    harness::BrokerProcess broker;
    RawClient client{broker.socket()};
    RawClient observer{broker.socket()};
    std::uint64_t service = 0;
    RawPort publisher;
    RawPort subscriber;
    ipc::shm::Mapping counters;

    Watched() {
        client.hello("worker");
        ipc::shm::MemoryFile file{std::move(client.last_descriptors.at(0))};
        counters = *ipc::shm::Mapping::map(file, ipc::layout::Counters::size, ipc::shm::Access::ReadWrite);
        client.tell(wire::CountersMapped{});
        observer.hello("looker", true);
        service = client.call<wire::ServiceOpened>(open_service("My/Service")).service;
        publisher = add_publisher(client, service);
        subscriber = add_subscriber(client, service);
    }
    // What the client claims.
    void write(std::uint32_t record, std::uint64_t word, std::uint64_t value) {
        std::memcpy(counters.data() + record * ipc::layout::Counters::record_size + word * sizeof value,
                    &value, sizeof value);
    }
};

}  // namespace

TEST_CASE("status counts what there is and says who uses it") {
    Watched watched;
    const auto status = watched.observer.query("status");
    CHECK(status["broker"]["pid"] == watched.broker.pid());
    CHECK(status["broker"]["socket"] == watched.broker.socket());
    CHECK(status["broker"]["embedded"] == false);
    CHECK(status["broker"]["separated"] == false);  // this test runs as the broker's user
    CHECK(status["broker"]["separation_note"].get<std::string>().find("systemctl enable") !=
          std::string::npos);
    CHECK(status["broker"]["protocol"]["highest"] == wire::highest_protocol);
    const auto& totals = status["totals"];
    CHECK(totals["sessions"] == 2);
    CHECK(totals["nodes"] == 1);  // who only asks is none
    CHECK(totals["services"] == 1);
    CHECK(totals["ports"] == 2);
    CHECK(totals["connections"] == 1);
    CHECK(totals["segments"] == 3);
    REQUIRE(status["users"].size() == 1);
    CHECK(status["users"][0]["uid"] == ::getuid());
    CHECK(status["users"][0]["ports"] == 2);
    CHECK(status["ended"].empty());
    CHECK(status["cut"].empty());
}

TEST_CASE("a service is shown with everything about it") {
    Watched watched;
    const auto list = watched.observer.query("services")["services"];
    REQUIRE(list.size() == 1);
    CHECK(list[0]["payload"]["name"] == "u64");
    CHECK(list[0]["publishers"] == 1);
    const auto service = watched.observer.query("service", "My/Service")["services"][0];
    CHECK(service["hash"] == list[0]["hash"]);
    CHECK(service["user_header"].is_null());
    CHECK(service["settings"]["max_subscribers"] == 3);
    CHECK(service["creator"]["pid"] == ::getpid());
    CHECK(service["nodes"][0]["name"] == "worker");
    CHECK(service["ports"].size() == 2);
    const auto refused = watched.observer.call<wire::Refused>(
        wire::Query{.what = "service", .argument = "My/Servise", .cursor = 0});
    CHECK(refused.code == wire::Refusal::DoesNotExist);
    CHECK(refused.message.find("did you mean \"My/Service\"?") != std::string::npos);
}

TEST_CASE("a question as long as a frame costs no more than others") {
    Watched watched;
    const auto refused = watched.observer.call<wire::Refused>(
        wire::Query{.what = "service", .argument = std::string(60000, 'x'), .cursor = 0});
    CHECK(refused.message.find("did you mean") == std::string::npos);
}

TEST_CASE("a node is found by name, process number and id") {
    Watched watched;
    const auto nodes = watched.observer.query("nodes")["nodes"];
    REQUIRE(nodes.size() == 1);
    const auto by_name = watched.observer.query("node", "worker")["nodes"];
    REQUIRE(by_name.size() == 1);
    CHECK(by_name[0]["open_services"] == nlohmann::json{"My/Service"});
    CHECK(by_name[0]["port_list"].size() == 2);
    CHECK(watched.observer.query("node", nodes[0]["id"])["nodes"].size() == 1);
    CHECK(watched.observer.query("node", std::to_string(::getpid()))["nodes"].size() == 1);
    const auto refused =
        watched.observer.call<wire::Refused>(wire::Query{.what = "node", .argument = "werker", .cursor = 0});
    CHECK(refused.message.find("\"worker\"") != std::string::npos);
}

TEST_CASE("counters are shown as their node claims them and trusted in nothing") {
    Watched watched;
    const auto& offers = watched.subscriber.offers;
    const auto record = [&](bool sending) {
        return offers.at(offers.at(0).first.sending == sending ? 0 : 1).first.record;
    };
    constexpr auto written = static_cast<std::uint64_t>(ipc::layout::SendingHalfCounter::written);
    constexpr auto position = static_cast<std::uint64_t>(ipc::layout::ReceivingHalfCounter::position);
    watched.write(watched.publisher.created.record, 0, 41);
    watched.write(record(true), written, 10);
    watched.write(record(false), position, 7);
    auto ports = watched.observer.query("ports")["ports"];
    REQUIRE(ports.size() == 2);
    CHECK(ports[0]["counters"]["sent"] == 41);
    CHECK(ports[0]["connections"][0]["queue_depth"] == 3);
    watched.write(record(true), written, ~std::uint64_t{0});
    CHECK(watched.observer.query("ports")["ports"][0]["connections"][0]["queue_depth"] == 4);
    watched.write(record(false), position, ~std::uint64_t{0});
    watched.write(record(true), written, 1);
    CHECK(watched.observer.query("ports")["ports"][1]["connections"][0]["queue_depth"] == 0);
}

TEST_CASE("long lists come in pages that lose and repeat nothing") {
    Watched watched;
    constexpr int services = 1200;
    for (int i = 0; i < services; ++i)
        watched.client.call<wire::ServiceOpened>(open_service("many/" + std::to_string(i)));
    const auto list = watched.observer.query("services")["services"];
    CHECK(list.size() == services + 1);
    for (std::size_t i = 1; i < list.size(); ++i)
        REQUIRE(list[i - 1]["name"].get<std::string>() < list[i]["name"].get<std::string>());
    CHECK(watched.observer.query("services").size() == 1);
    // A cursor is a client's number like any other.
    const auto beyond = watched.observer.call<wire::Answer>(
        wire::Query{.what = "services", .argument = "", .cursor = ~std::uint64_t{0}});
    CHECK(beyond.body.text == R"({"services":[]})");
}

TEST_CASE("the configuration that holds is shown with its sources") {
    harness::BrokerProcess broker{{.arguments = {"--idle-exit", "1000"},
                                   .environment = {{"ROUDI_LOG_LEVEL", "warning"}},
                                   .configuration = "{\n\"session\":\n{\"queue_answers\": 33}}"}};
    RawClient observer{broker.socket()};
    observer.hello("looker", true);
    const auto answer = observer.query("config");
    CHECK(answer["config"]["session"]["queue_answers"] == 33);
    CHECK(answer["sources"]["session.queue_answers"] == (broker.directory() / "roudi.json").string() + ":3");
    CHECK(answer["config"]["log"]["level"] == "warning");
    CHECK(answer["sources"]["log.level"] == "environment ROUDI_LOG_LEVEL");
    CHECK(answer["sources"]["idle_exit_seconds"] == "command line --idle-exit");
    CHECK(answer["sources"]["log.sink"] == "default");
}

TEST_CASE("a question that nobody knows is refused with those that are") {
    harness::BrokerProcess broker;
    RawClient observer{broker.socket()};
    observer.hello("looker", true);
    const auto refused =
        observer.call<wire::Refused>(wire::Query{.what = "weather", .argument = "", .cursor = 0});
    CHECK(refused.message.find("weather") != std::string::npos);
    CHECK(refused.message.find("services") != std::string::npos);
}
