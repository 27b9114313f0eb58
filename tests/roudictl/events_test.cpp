// SPDX-License-Identifier: Apache-2.0
// roudictl as a notifier and as a listener.
#include "catch.hpp"
#include "harness/broker_process.hpp"
#include "program.hpp"

#include <ipc/ipc.hpp>

#include <nlohmann/json.hpp>

#include <signal.h>

#include <chrono>
#include <string>
#include <vector>

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using nlohmann::json;

namespace {

struct EventWorld {
    harness::BrokerProcess broker;
    ipc::Node node = make_node();
    ipc::EventService events = node.service_builder("doors").event().create().value();
    ipc::PublishSubscribeService<int> samples =
        node.service_builder("camera").publish_subscribe<int>().create().value();

    ipc::Node make_node() const {
        ipc::Config config;
        config.socket = broker.socket();
        return ipc::NodeBuilder{}
            .config(config)
            .signal_handling_mode(ipc::SignalHandlingMode::Disabled)
            .create()
            .value();
    }
    Program::Call call(std::vector<std::string> arguments) const {
        return {.arguments = std::move(arguments), .environment = broker.environment()};
    }
    Program::Outcome ask(std::vector<std::string> arguments) const { return run(call(std::move(arguments))); }
};

// Until roudictl listens, or notifies no more.
template <class Holds>
void wait_for_listeners(ipc::Notifier& notifier, Holds holds) {
    REQUIRE(harness::eventually([&] { return holds(notifier.listeners().value().size()); }));
}

}  // namespace

TEST_CASE("roudictl notifies whoever listens") {
    EventWorld world;
    auto listener = world.events.listener_builder().create().value();
    const auto once = world.ask({"notify", "doors", "--id", "12"});
    CHECK(once.code == 0);
    CHECK(once.out == "event 12: 1 listener\n");
    CHECK(once.err.empty());
    const auto thrice = world.ask({"notify", "doors", "--count", "3", "--interval", "0"});
    CHECK(thrice.code == 0);
    CHECK(thrice.out == "event 0: 1 listener\nevent 0: 1 listener\nevent 0: 1 listener\n");
    std::uint64_t twelve = 0;
    std::uint64_t zero = 0;
    listener
        .try_wait([&](ipc::EventActivation e) { (e.id() == ipc::EventId{12} ? twelve : zero) += e.count(); })
        .value();
    CHECK(twelve == 1);
    CHECK(zero == 3);
}

TEST_CASE("roudictl notifies until it is stopped") {
    EventWorld world;
    auto listener = world.events.listener_builder().create().value();
    auto program = Program{world.call({"notify", "doors", "--count", "0", "--interval", "0.001"})};
    for (int i = 0; i < 3; ++i) CHECK(program.line() == "event 0: 1 listener");
    program.signal(SIGINT);
    CHECK(program.outcome().code == 0);
}

TEST_CASE("roudictl prints what happens, a line each, until it is stopped") {
    EventWorld world;
    auto notifier = world.events.notifier_builder().create().value();
    auto program = Program{world.call({"listen", "doors"})};
    wait_for_listeners(notifier, [](std::size_t count) { return count == 1; });
    notifier.notify(ipc::EventId{7}).value();
    CHECK(program.line() == "event 7");
    program.signal(SIGTERM);
    const auto outcome = program.outcome();
    CHECK(outcome.code == 0);
    CHECK(outcome.out.empty());
    CHECK(outcome.err.empty());
}

TEST_CASE("roudictl prints objects for programs, and ends after as many as were wanted") {
    EventWorld world;
    auto notifier = world.events.notifier_builder().create().value();
    auto program = Program{world.call({"listen", "doors", "--json", "--count", "5"})};
    wait_for_listeners(notifier, [](std::size_t count) { return count == 1; });
    for (int i = 0; i < 5; ++i) notifier.notify(ipc::EventId{7}).value();
    std::uint64_t heard = 0;
    while (heard < 5) {
        const auto object = json::parse(program.line());
        CHECK(object.at("id") == 7);
        heard += object.at("count").get<std::uint64_t>();
    }
    CHECK(heard == 5);
    CHECK(program.outcome().code == 0);
    wait_for_listeners(notifier, [](std::size_t count) { return count == 0; });
}

TEST_CASE("what cannot be notified or listened to is 1, and says why") {
    EventWorld world;
    for (const std::string verb : {"notify", "listen"}) {
        const auto missing = world.ask({verb, "dors"});
        CHECK(missing.code == 1);
        CHECK_THAT(missing.err, Contains("did you mean 'doors'?"));
        const auto samples = world.ask({verb, "camera"});
        CHECK(samples.code == 1);
        CHECK_THAT(samples.err, Contains("publish-subscribe") && Contains("event"));
    }
    const auto beyond = world.ask({"notify", "doors", "--id", "256"});
    CHECK(beyond.code == 1);
    CHECK_THAT(beyond.err, Contains("0 to 255") && Contains("256"));
    CHECK(world.ask({"notify", "doors", "--id", "twelve"}).code == 2);
    CHECK(world.ask({"notify", "doors", "--interval", "-1"}).code == 2);
    CHECK(world.ask({"listen", "doors", "--id", "1"}).code == 2);
    CHECK(world.ask({"notify"}).code == 2);
}

TEST_CASE("a late notification is told all the same") {
    EventWorld world;
    const auto service =
        world.node.service_builder("strict").event().deadline(std::chrono::nanoseconds{1}).create().value();
    auto listener = service.listener_builder().create().value();
    const auto late = world.ask({"notify", "strict"});
    CHECK(late.code == 0);
    CHECK_THAT(late.out, StartsWith("event 0: late, but told"));
    CHECK(listener.try_wait_one().value() == ipc::EventId{0});
}

TEST_CASE("listening where no broker is, is 3, and none is started") {
    const harness::TemporaryDirectory empty;
    const auto socket = (empty.path() / "roudi.sock").string();
    const auto outcome = run(
        {.arguments = {"listen", "doors", "--socket", socket}, .environment = {{"ROUDI_AUTOSTART", "1"}}});
    CHECK(outcome.code == 3);
    CHECK(std::filesystem::is_empty(empty.path()));
}
