// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "harness/actor.hpp"
#include "harness/broker_process.hpp"
#include "node/recording_port.hpp"
#include "port/wake.hpp"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <future>
#include <vector>

using ipc::control::Session;
using ipc::wire::PortKind;
using ipc::wire::RemovalReason;

namespace {

// A subscriber in a process of its own, that lives until it is told to end in one way or another.
ACTOR(subscribing_process) {
    auto session = Session::open(quiet_settings(arguments.at(0)));
    if (!session) throw std::runtime_error{session.error().message};
    auto port = std::make_shared<RecordingPort>();
    const auto service = open_service(**session, arguments.at(1));
    auto id = create_port(**session, service, PortKind::Subscriber, port);
    if (!id) throw std::runtime_error{id.error().message};
    test.tell("ready");
    while (true) {
        const std::string order = test.hear();
        if (order == "drop") (*session)->drop_port(*id);
        if (order == "connections") test.tell(port->has_connections(1) ? "yes" : "no");
        if (order == "end") return 0;
    }
}

// A publisher that has its segment, and takes until it is told to go on to map it.
ACTOR(slow_publishing_process) {
    auto session = Session::open(quiet_settings(arguments.at(0))).value();
    auto port = std::make_shared<RecordingPort>();
    const auto service = open_service(*session, arguments.at(1));
    const auto build = [&](const ipc::wire::PortCreated&, std::optional<ipc::shm::MemoryFile>)
        -> tl::expected<std::shared_ptr<ipc::control::PortLink>, std::string> {
        test.tell("mapping");
        test.expect("go on");
        return port;
    };
    session->create_port(port_request(service, PortKind::Publisher), build, soon()).value();
    test.expect("end");
    return 0;
}

struct Publishing {
    explicit Publishing(const std::string& socket, bool control_thread = true) {
        auto settings = quiet_settings(socket);
        settings.control_thread = control_thread;
        auto opened = Session::open(settings);
        if (!opened) throw std::runtime_error{opened.error().message};
        session = std::move(*opened);
        service = open_service(*session, "Some/Service");
    }
    ipc::wire::Uuid create() { return create_port(*session, service, PortKind::Publisher, port).value(); }

    std::shared_ptr<Session> session;
    std::uint64_t service = 0;
    std::shared_ptr<RecordingPort> port = std::make_shared<RecordingPort>();
};

}  // namespace

TEST_CASE("a port that was created is connected to every counterpart that was there, on both sides") {
    const harness::BrokerProcess broker;
    harness::Actor subscriber{"subscribing_process", {broker.socket(), "Some/Service"}};
    subscriber.expect("ready");
    Publishing publisher{broker.socket()};
    publisher.create();
    REQUIRE(publisher.port->connections() == 1);
    const auto& details = publisher.port->offer(0).details;
    CHECK(details.sending);
    CHECK(details.peer_pid == static_cast<std::uint64_t>(subscriber.process.pid()));
    CHECK(publisher.port->offer(0).data_segments.empty());
    subscriber.tell("connections");
    subscriber.expect("yes");
}

TEST_CASE("a counterpart that comes later is announced while nobody calls") {
    const harness::BrokerProcess broker;
    Publishing publisher{broker.socket()};
    publisher.create();
    CHECK(publisher.port->connections() == 0);
    harness::Actor subscriber{"subscribing_process", {broker.socket(), "Some/Service"}};
    subscriber.expect("ready");
    // Its create() has returned, so this half is mapped by now.
    CHECK(publisher.port->connections() == 1);
}

TEST_CASE("the end of a counterpart is told once, whatever its kind") {
    const harness::BrokerProcess broker;
    harness::Actor subscriber{"subscribing_process", {broker.socket(), "Some/Service"}};
    subscriber.expect("ready");
    Publishing publisher{broker.socket()};
    publisher.create();

    RemovalReason expected = RemovalReason::PeerDied;
    SECTION("its port was dropped") {
        subscriber.tell("drop");
        expected = RemovalReason::PeerDropped;
    }
    SECTION("its process ended in good order") {
        subscriber.tell("end");
        expected = RemovalReason::PeerDropped;
    }
    SECTION("its process was killed") {
        subscriber.kill();
    }
    REQUIRE(publisher.port->has_removals(1));
    if (expected == RemovalReason::PeerDied) CHECK(publisher.port->removals()[0] == expected);

    // A second counterpart comes and goes: nothing more is said of the first.
    harness::Actor other{"subscribing_process", {broker.socket(), "Some/Service"}};
    other.expect("ready");
    other.kill();
    REQUIRE(publisher.port->has_removals(2));
    CHECK(publisher.port->removals().size() == 2);
}

TEST_CASE("without a broker the death of a counterpart is still seen, and calls say what to do") {
    harness::BrokerProcess broker;
    harness::Actor subscriber{"subscribing_process", {broker.socket(), "Some/Service"}};
    subscriber.expect("ready");
    Publishing publisher{broker.socket()};
    publisher.create();
    broker.kill();

    auto port = create_port(*publisher.session, publisher.service, PortKind::Publisher,
                            std::make_shared<RecordingPort>(),
                            ipc::control::Clock::now() + std::chrono::milliseconds{20});
    REQUIRE_FALSE(port);
    CHECK(port.error().kind == ipc::control::CallFailure::Kind::NoBroker);
    CHECK(port.error().message.find(broker.socket()) != std::string::npos);
    CHECK(port.error().message.find("start the broker") != std::string::npos);
    CHECK(publisher.port->removals().empty());

    subscriber.kill();
    REQUIRE(publisher.port->has_removals(1));
    CHECK(publisher.port->removals() == std::vector{RemovalReason::PeerDied});
}

TEST_CASE("a half that its port cannot use ends the connection for the other one too") {
    const harness::BrokerProcess broker;
    Publishing publisher{broker.socket()};
    publisher.create();
    Publishing failing{broker.socket()};
    failing.port->refuse("no room for the segment");
    create_port(*failing.session, failing.service, PortKind::Subscriber, failing.port).value();
    REQUIRE(publisher.port->has_removals(1));
    CHECK(publisher.port->removals() == std::vector{RemovalReason::Cut});
}

TEST_CASE("a port's wake handle reaches its counterparts, those that come later as well") {
    const harness::BrokerProcess broker;
    Publishing early{broker.socket()};
    early.create();
    Publishing sleeper{broker.socket()};
    const auto id =
        create_port(*sleeper.session, sleeper.service, PortKind::Subscriber, sleeper.port).value();
    auto set =
        sleeper.session->request_wake_handle(id, soon(), ipc::control::Patience::until_there_is_a_broker);
    REQUIRE(set);
    Publishing late{broker.socket()};
    late.create();

    for (Publishing* publisher : {&early, &late}) {
        REQUIRE(publisher->port->has_handles(1));
        // That it came was news, too.
        CHECK(harness::eventually([&] { return !(*set)->is_incomplete(); }));
        ipc::port::drain((*set)->descriptor());
        ipc::port::wake(publisher->port->handle(0));
        pollfd readable{.fd = (*set)->descriptor(), .events = POLLIN, .revents = 0};
        CHECK(::poll(&readable, 1, harness::patience_ms) == 1);
        CHECK(ipc::port::drain((*set)->descriptor()));
        CHECK_FALSE(ipc::port::drain((*set)->descriptor()));
    }
}

TEST_CASE("two ports of one node are connected like any others") {
    const harness::BrokerProcess broker;
    Publishing node{broker.socket(), GENERATE(true, false)};
    node.create();
    auto subscriber = std::make_shared<RecordingPort>();
    create_port(*node.session, node.service, PortKind::Subscriber, subscriber).value();
    CHECK(node.port->connections() == 1);
    CHECK(subscriber->connections() == 1);
}

TEST_CASE("a node without a thread is driven by whoever waits in its process") {
    const harness::BrokerProcess broker;
    Publishing publisher{broker.socket(), false};
    publisher.create();
    Publishing subscriber{broker.socket(), false};
    create_port(*subscriber.session, subscriber.service, PortKind::Subscriber, subscriber.port).value();
    CHECK(publisher.port->connections() == 1);
    CHECK(subscriber.port->connections() == 1);
}

TEST_CASE("a node without a thread does its work in process, when its descriptor says so") {
    const harness::BrokerProcess broker;
    Publishing publisher{broker.socket(), false};
    publisher.create();
    pollfd control{.fd = publisher.session->control_descriptor(), .events = POLLIN, .revents = 0};
    CHECK(::poll(&control, 1, 0) == 0);
    harness::Actor subscriber{"subscribing_process", {broker.socket(), "Some/Service"}};
    REQUIRE(::poll(&control, 1, harness::patience_ms) == 1);
    CHECK(publisher.port->connections() == 0);
    while (publisher.port->connections() == 0) {
        publisher.session->process();
        REQUIRE((publisher.port->connections() != 0 || ::poll(&control, 1, harness::patience_ms) == 1));
    }
    subscriber.expect("ready");
}

TEST_CASE("a counterpart that is stopped does not stop who creates a port") {
    const harness::BrokerProcess broker;
    harness::Actor subscriber{"subscribing_process", {broker.socket(), "Some/Service"}};
    subscriber.expect("ready");
    subscriber.process.stop();
    Publishing publisher{broker.socket()};
    publisher.create();  // returns after the bound
    CHECK(publisher.port->connections() == 1);
    subscriber.process.signal(SIGCONT);
    subscriber.tell("connections");
    subscriber.expect("yes");
}

TEST_CASE("who creates a subscriber waits for a publisher that is being created") {
    const harness::BrokerProcess broker;
    harness::Actor publisher{"slow_publishing_process", {broker.socket(), "Some/Service"}};
    publisher.expect("mapping");
    auto settings = quiet_settings(broker.socket());
    settings.creation_bound = std::chrono::minutes{1};
    auto session = Session::open(settings).value();
    const auto service = open_service(*session, "Some/Service");
    auto port = std::make_shared<RecordingPort>();
    auto created = std::async(std::launch::async, [&] {
        return create_port(*session, service, PortKind::Subscriber, port).has_value();
    });
    auto observer = Session::open(quiet_settings(broker.socket())).value();
    REQUIRE(harness::eventually([&] {
        const auto answer =
            observer->call(ipc::wire::Query{.what = "status", .argument = "", .cursor = 0}, soon());
        return std::get<ipc::wire::Answer>(answer->message).body.text.find(R"("ports":2)") !=
               std::string::npos;
    }));
    CHECK(port->connections() == 0);
    SECTION("until both are connected") {
        publisher.tell("go on");
        CHECK(created.get());
        CHECK(port->connections() == 1);
        publisher.tell("end");
    }
    SECTION("until it is dead") {
        publisher.kill();
        CHECK(created.get());
        CHECK(port->connections() == 0);
    }
}

TEST_CASE("ports that threads of one node create at once are connected to what was there") {
    const harness::BrokerProcess broker;
    Publishing publisher{broker.socket()};
    publisher.create();
    Publishing node{broker.socket(), GENERATE(true, false)};
    std::vector<std::future<std::size_t>> connections;
    for (int i = 0; i < 4; ++i)
        connections.push_back(std::async(std::launch::async, [&] {
            auto port = std::make_shared<RecordingPort>();
            create_port(*node.session, node.service, PortKind::Subscriber, port).value();
            return port->connections();
        }));
    for (auto& count : connections) CHECK(count.get() == 1);
    CHECK(publisher.port->connections() == 4);
}

TEST_CASE("a port that was dropped is told nothing more") {
    const harness::BrokerProcess broker;
    Publishing publisher{broker.socket()};
    const auto id = publisher.create();
    publisher.session->drop_port(id);
    harness::Actor subscriber{"subscribing_process", {broker.socket(), "Some/Service"}};
    subscriber.expect("ready");
    CHECK(publisher.port->connections() == 0);
}
