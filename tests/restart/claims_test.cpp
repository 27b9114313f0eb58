// SPDX-License-Identifier: Apache-2.0
// What is presented by who did not get it from a broker.
#include "catch.hpp"
#include "restart/comeback.hpp"
#include "shm/memory_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <vector>

using namespace restart;
using ipc::shm::MemoryFile;
using ipc::shm::UniqueFd;

namespace {

UniqueFd memory_file_of_our_own(const std::string& name, std::uint64_t size) {
    UniqueFd file{::memfd_create(name.c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING)};
    REQUIRE(::ftruncate(file.get(), static_cast<off_t>(size)) == 0);
    return file;
}

}  // namespace

TEST_CASE("descriptors that are not what a node was given end its session, and nobody else notices") {
    harness::BrokerProcess broker;
    harness::Actor actor{"counting", {broker.socket(), "threaded"}};
    actor.expect("ready");
    const auto node = node_at(broker.socket(), "honest");
    auto subscriber = numbers(node).subscriber_builder().create().value();
    Claimant claimant{broker.socket(), "liar"};
    Claimant victim{broker.socket(), "victim"};
    restart::restart(broker);
    REQUIRE(are_back(broker, 2));

    struct Crime {
        const char* what;
        std::function<void(Comeback&)> commit;
        const char* reason;
    };
    const UniqueFd nothing{::open("/dev/null", O_RDWR | O_CLOEXEC)};
    const auto readopt = [&](Comeback& comeback) { comeback.claim_node(claimant); };
    const auto readopt_with_service = [&](Comeback& comeback) {
        readopt(comeback);
        comeback.claim_service(claimant);
    };
    const std::vector<Crime> crimes{
        {"a device as a record",
         [&](Comeback& c) {
             c.say(wire::Readopt{}, copies({&nothing, &claimant.counters}));
         },
         "no memory files"},
        {"one's own memory as a record",
         [&](Comeback& c) {
             const auto own = memory_file_of_our_own("ipc-record", 4096);
             c.say(wire::Readopt{}, copies({&own, &claimant.counters}));
         },
         "a record"},
        {"a copy of a record that one could have changed",
         [&](Comeback& c) {
             std::array<char, 65536> text{};
             REQUIRE(::pread(claimant.record.get(), text.data(), text.size(), 0) > 0);
             const auto own = memory_file_of_our_own("ipc-record-" + claimant.welcome.node.text(), 65536);
             REQUIRE(::pwrite(own.get(), text.data(), text.size(), 0) > 0);
             c.say(wire::Readopt{}, copies({&own, &claimant.counters}));
         },
         "with seals"},
        {"another's counters",
         [&](Comeback& c) {
             c.say(wire::Readopt{}, copies({&claimant.record, &victim.counters}));
         },
         "ipc-counters"},
        {"a record for counters",
         [&](Comeback& c) {
             c.say(wire::Readopt{}, copies({&claimant.record, &claimant.record}));
         },
         "ipc-counters"},
        {"claims before who one is", [&](Comeback& c) { c.claim_service(claimant); }, "before readopt"},
        {"a service that the record does not have",
         [&](Comeback& c) {
             readopt(c);
             c.say(wire::ReadoptService{.service = 12345, .handles = 1});
         },
         "record does not have"},
        {"a port before its service",
         [&](Comeback& c) {
             readopt(c);
             c.say(wire::ReadoptPort{.port = claimant.port.port, .has_data = true, .wakes = false},
                   copies({&claimant.data}));
         },
         "before its service"},
        {"another's port",
         [&](Comeback& c) {
             readopt_with_service(c);
             c.say(wire::ReadoptPort{.port = victim.port.port, .has_data = true, .wakes = false},
                   copies({&victim.data}));
         },
         "record does not have"},
        {"another's data segment",
         [&](Comeback& c) {
             readopt_with_service(c);
             c.say(wire::ReadoptPort{.port = claimant.port.port, .has_data = true, .wakes = false},
                   copies({&victim.data}));
         },
         "data segment"},
        {"a connection that the record does not have",
         [&](Comeback& c) {
             readopt_with_service(c);
             c.say(wire::ReadoptConnections{
                 .halves = {{.connection = wire::Uuid::random(), .port = claimant.port.port}}});
         },
         "record does not have"},
        {"new things before all old ones were presented",
         [&](Comeback& c) {
             readopt(c);
             c.say(open_service("new"), {}, 7);
         },
         "before readopt_done"},
        {"oneself twice",
         [&](Comeback& c) {
             readopt(c);
             readopt(c);
         },
         "second time"},
    };
    Number last = 0;
    for (const Crime& crime : crimes) {
        INFO(crime.what);
        Comeback comeback{broker.socket()};
        crime.commit(comeback);
        const std::string reason = comeback.reason();
        INFO(reason);
        CHECK(reason.find(crime.reason) != std::string::npos);
        actor.tell("1");
        CHECK(next(subscriber) == ++last);
        actor.expect("sent");
    }
    CHECK(status(broker)["ended"].size() == crimes.size());
    CHECK(status(broker)["totals"]["connections"] == 1);

    // What was tried before harms nobody who presents what is his.
    Comeback comeback{broker.socket()};
    comeback.claim_all(claimant);
    CHECK(comeback.client().expect<wire::ServiceReadopted>().recorded == claimant.service);
    comeback.client().expect<wire::Readopted>();
    CHECK(MemoryFile{std::move(comeback.client().last_descriptors.at(0))}.size().value() >= 4096);
    Comeback again{broker.socket()};
    again.claim_node(claimant);
    CHECK(again.reason().find("which is here") != std::string::npos);
}

TEST_CASE("a connection of which only one half was told is handed to the other") {
    harness::BrokerProcess broker;
    UniqueFd records[2], counters[2], data, segment;
    wire::PortCreated receiving, sending;
    wire::Uuid connection;
    std::uint64_t service = 0;
    {
        RawClient receiver{broker.socket()};
        receiver.hello("receiver");
        counters[0] = std::move(receiver.last_descriptors.at(0));
        records[0] = std::move(receiver.last_descriptors.at(1));
        service = receiver.call<wire::ServiceOpened>(open_service("half")).service;
        receiving = add_subscriber(receiver, service).created;
        RawClient sender{broker.socket()};
        sender.hello("sender");
        counters[1] = std::move(sender.last_descriptors.at(0));
        records[1] = std::move(sender.last_descriptors.at(1));
        sender.call<wire::ServiceOpened>(open_service("half"));
        sending = half_a_publisher(sender, service);
        data = std::move(sender.last_descriptors.at(0));
        // The receiver is offered nothing before the data segment is sealed.
        connection = sender.expect<wire::ConnectionOffered>().connection;
        segment = std::move(sender.last_descriptors.at(0));
        broker.kill();
    }
    broker.start_again();
    Comeback sender{broker.socket()};
    sender.say(wire::Readopt{}, copies({&records[1], &counters[1]}));
    sender.say(wire::ReadoptService{.service = service, .handles = 1});
    sender.say(wire::ReadoptPort{.port = sending.port, .has_data = true, .wakes = false}, copies({&data}));
    sender.say(wire::ReadoptConnection{.half = {.connection = connection, .port = sending.port}},
               copies({&segment}));
    sender.say(wire::ReadoptDone{}, {}, 1);
    sender.client().expect<wire::ServiceReadopted>();
    sender.client().expect<wire::Readopted>();
    CHECK(status(broker)["readopted"]["waiting"] == 1);

    Comeback receiver{broker.socket()};
    receiver.say(wire::Readopt{}, copies({&records[0], &counters[0]}));
    receiver.say(wire::ReadoptService{.service = service, .handles = 1});
    receiver.say(wire::ReadoptPort{.port = receiving.port, .has_data = false, .wakes = false});
    receiver.say(wire::ReadoptDone{}, {}, 1);
    receiver.client().expect<wire::ServiceReadopted>();
    receiver.client().expect<wire::Readopted>();
    const auto offered = receiver.client().expect<wire::ConnectionOffered>();
    CHECK(offered.connection == connection);
    CHECK(offered.peer_port == sending.port);
    CHECK_FALSE(offered.sending);
    CHECK(receiver.client().expect<wire::ConnectionReady>().port == receiving.port);
    receiver.say(wire::ConnectionMapped{.connection = connection});
    CHECK(sender.client().expect<wire::ConnectionReady>().port == sending.port);
    CHECK(status(broker)["readopted"]["handed_over"] == 1);
    CHECK(status(broker)["totals"]["connections"] == 1);
}

TEST_CASE(
    "a node is offered nothing new before it is through with its claims, and who waits for it waits on") {
    harness::BrokerProcess broker;
    UniqueFd record, counters, data;
    wire::PortCreated port;
    wire::Uuid connection;
    std::uint64_t service = 0;
    {
        RawClient client{broker.socket()};
        client.hello("slow");
        counters = std::move(client.last_descriptors.at(0));
        record = std::move(client.last_descriptors.at(1));
        service = client.call<wire::ServiceOpened>(open_service("slow")).service;
        RawClient other{broker.socket()};
        other.hello("other");
        other.call<wire::ServiceOpened>(open_service("slow"));
        (void)add_subscriber(other, service);
        port = half_a_publisher(client, service);
        data = std::move(client.last_descriptors.at(0));
        connection = client.expect<wire::ConnectionOffered>().connection;
        broker.kill();
    }
    broker.start_again();
    const auto begin = [&](Comeback& comeback) {
        comeback.say(wire::Readopt{}, copies({&record, &counters}));
        comeback.say(wire::ReadoptService{.service = service, .handles = 1});
        comeback.say(wire::ReadoptPort{.port = port.port, .has_data = true, .wakes = false}, copies({&data}));
        REQUIRE(eventually([&] { return status(broker)["totals"]["ports"] == 1; }));
    };
    const auto subscribe = [&](RawClient& client) {
        client.hello("new");
        const auto opened = client.call<wire::ServiceOpened>(open_service("slow")).service;
        return client.call<wire::PortCreated>(
            wire::CreatePort{.service = opened, .name = "s", .settings = wire::SubscriberSettings{}});
    };

    // Who dies amid its claims is not waited for any longer.
    RawClient first{broker.socket()};
    {
        Comeback dying{broker.socket()};
        begin(dying);
        const auto waiting = subscribe(first);
        REQUIRE(waiting.connections.size() == 1);
        dying.client().hang_up();
        CHECK(first.expect<wire::ConnectionRemoved>().connection == waiting.connections.front());
    }
    first.hang_up();
    REQUIRE(eventually([&] { return status(broker)["totals"]["ports"] == 0; }));

    // The record of its counters that the claim is about is the first one that a new connection would take.
    Comeback back{broker.socket()};
    begin(back);
    RawClient second{broker.socket()};
    const auto waiting = subscribe(second);
    REQUIRE(waiting.connections.size() == 1);
    CHECK(status(broker)["totals"]["connections"] == 0);
    back.say(wire::ReadoptConnections{.halves = {{.connection = connection, .port = port.port}}});
    back.say(wire::ReadoptDone{}, {}, 1);
    back.client().expect<wire::ServiceReadopted>();
    back.client().expect<wire::Readopted>();
    const auto offered = back.client().expect<wire::ConnectionOffered>();
    CHECK(offered.connection == waiting.connections.front());
    CHECK(offered.peer_port == waiting.port);
    CHECK(offered.peer_is_new);
    CHECK_FALSE(second.expect<wire::ConnectionOffered>().peer_is_new);
    back.say(wire::ConnectionMapped{.connection = offered.connection});
    CHECK(second.expect<wire::ConnectionReady>().connection == offered.connection);
    CHECK(status(broker)["ended"].empty());
}

TEST_CASE("a service that others have set otherwise meanwhile is not taken back, and says so") {
    harness::BrokerProcess broker;
    Claimant claimant{broker.socket(), "changed"};
    restart::restart(broker);
    RawClient other{broker.socket()};
    other.hello("other");
    auto request = open_service("changed");
    std::get<wire::PublishSubscribeRequest>(request.request).settings.history_size = 2;
    other.call<wire::ServiceOpened>(request);

    Comeback comeback{broker.socket()};
    comeback.claim_all(claimant);
    const auto refused = comeback.client().expect<wire::NotReadopted>();
    CHECK(refused.service == claimant.service);
    CHECK(refused.code == wire::Refusal::AlreadyExists);
    comeback.client().expect<wire::Readopted>();
    CHECK(status(broker)["not_readopted"].at(0)["what"] == "service \"changed\"");
    // What it was not given back it may still end.
    comeback.say(wire::DropPort{.port = claimant.port.port});
    comeback.client().ask(wire::Query{.what = "status"});
    comeback.client().expect<wire::Answer>();
}

TEST_CASE("a client of protocol 1 is served as before, beside one of protocol 2") {
    harness::BrokerProcess broker;
    RawClient old{broker.socket()};
    wire::Hello hello;
    hello.node_name = "old";
    hello.highest_protocol = 1;
    CHECK(old.call<wire::Welcome>(hello).protocol == 1);
    CHECK(old.last_descriptors.size() == 1);  // its counters, and no record
    old.tell(wire::CountersMapped{});
    auto request = open_service("shared");
    const auto service = old.call<wire::ServiceOpened>(request).service;
    const auto publisher = add_publisher(old, service);

    RawClient young{broker.socket()};
    CHECK(young.hello("young").protocol == 2);
    CHECK(young.last_descriptors.size() == 2);
    const auto subscriber = add_subscriber(young, young.call<wire::ServiceOpened>(request).service);
    REQUIRE(subscriber.offers.size() == 1);
    CHECK(subscriber.offers.front().first.peer_port == publisher.created.port);
    CHECK(old.expect<wire::ConnectionOffered>().peer_port == subscriber.created.port);

    hello.features.emplace_back(wire::readopts_feature);
    RawClient confused{broker.socket()};
    CHECK(confused.call<wire::Refused>(hello).code == wire::Refusal::UnsupportedProtocol);
}
