// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "restart/world.hpp"

#include <csignal>
#include <optional>
#include <string>

using namespace restart;

TEST_CASE("samples flow while the broker is dead, and after it came back, and new ports find old ones") {
    harness::BrokerProcess broker;
    harness::Actor actor{"counting", {broker.socket(), "threaded"}};
    actor.expect("ready");
    const auto node = node_at(broker.socket(), "receiving");
    const auto service = numbers(node);
    auto subscriber = service.subscriber_builder().create().value();
    auto pass = [&, last = Number{0}](int samples) mutable {
        actor.tell(std::to_string(samples));
        for (int i = 0; i < samples; ++i) REQUIRE(next(subscriber) == ++last);
        actor.expect("sent");
    };
    pass(100);
    broker.kill();
    pass(100);
    broker.start_again();
    pass(100);
    REQUIRE(are_back(broker, 2));
    pass(100);

    const auto told = status(broker);
    CHECK(told["broker"]["restarts"] == 1);
    CHECK(told["readopted"]["services"] == 2);
    CHECK(told["readopted"]["ports"] == 2);
    CHECK(told["readopted"]["connections"] == 1);
    CHECK(told["readopted"]["dropped"] == 0);
    CHECK(told["not_readopted"].empty());
    CHECK(told["totals"]["connections"] == 1);

    auto late = service.subscriber_builder().create().value();
    actor.tell("1");
    CHECK(next(late) == 401);
    CHECK(next(subscriber) == 401);
    actor.expect("sent");
    actor.tell("another");
    CHECK(next(late) == 1'000'000);
    CHECK(next(subscriber) == 1'000'000);
}

TEST_CASE("a graceful end and a new start are no different") {
    harness::BrokerProcess broker;
    harness::Actor actor{"counting", {broker.socket(), "threaded"}};
    actor.expect("ready");
    const auto node = node_at(broker.socket(), "receiving");
    auto subscriber = numbers(node).subscriber_builder().create().value();
    REQUIRE(broker.stop().code == 0);
    broker.start_again();
    REQUIRE(are_back(broker, 2));
    CHECK(status(broker)["readopted"]["connections"] == 1);
    actor.tell("3");
    for (Number n = 1; n <= 3; ++n) CHECK(next(subscriber) == n);
}

TEST_CASE("events are heard throughout, none lost and none twice") {
    harness::BrokerProcess broker;
    harness::Actor actor{"notifying", {broker.socket()}};
    actor.expect("ready");
    const auto node = node_at(broker.socket(), "hearing");
    auto listener = signals(node).listener_builder().create().value();
    std::uint64_t heard = 0;
    const auto hear = [&](std::uint64_t all) {
        while (heard < all)
            listener
                .timed_wait(
                    [&](ipc::EventActivation event) {
                        REQUIRE(event.id() == ipc::EventId{7});
                        heard += event.count();
                    },
                    patience)
                .value();
        REQUIRE(heard == all);
    };
    auto pass = [&, all = std::uint64_t{0}]() mutable {
        actor.tell("1000");
        hear(all += 1000);
        actor.expect("notified");
    };
    pass();
    broker.kill();
    pass();
    broker.start_again();
    pass();
    REQUIRE(are_back(broker, 2));
    pass();
    CHECK(status(broker)["readopted"]["connections"] == 1);

    // A death is told as one, and once.
    actor.kill();
    CHECK(listener.timed_wait_one(patience).value() == ipc::EventId{99});
    CHECK_FALSE(listener.try_wait([](ipc::EventActivation) {}).value());
}

TEST_CASE("a request that is under way outlives the broker, and so does whoever sleeps for its answers") {
    harness::BrokerProcess broker;
    harness::Actor actor{"summing", {broker.socket()}};
    actor.expect("ready");
    const auto node = node_at(broker.socket(), "asking");
    const auto service = sums(node);
    auto client = service.client_builder().create().value();
    auto pending = client.send_copy(1).value();
    actor.tell("take");
    actor.expect("taken");

    auto set = ipc::WaitSetBuilder{}.signal_handling_mode(ipc::SignalHandlingMode::Disabled).create().value();
    const auto answered = set.attach_notification(pending).value();
    const auto answer = [&](Number added) {
        actor.tell(std::to_string(added));
        std::optional<Number> heard;
        while (!heard)
            set.wait_and_process_once_with_timeout(
                   [&](const ipc::WaitSetAttachmentId& id) {
                       REQUIRE(id.has_event_from(answered));
                       while (auto response = pending.receive().value()) heard = **response;
                       return ipc::CallbackProgression::Continue;
                   },
                   patience)
                .value();
        actor.expect("answered");
        return *heard;
    };
    CHECK(answer(10) == 11);
    broker.kill();
    CHECK(answer(20) == 21);
    auto meanwhile = client.send_copy(2).value();
    broker.start_again();
    CHECK(answer(30) == 31);
    REQUIRE(are_back(broker, 2));
    CHECK(status(broker)["readopted"]["connections"] == 1);
    CHECK(answer(40) == 41);
    actor.tell("end");

    actor.tell("take");
    actor.expect("taken");
    actor.tell("5");
    CHECK(next(meanwhile) == 7);
    actor.expect("answered");
    CHECK(pending.state() == ipc::StreamState::Completed);
    auto late = service.client_builder().create().value();
    auto last = late.send_copy(3).value();
    actor.tell("end");
    actor.tell("take");
    actor.expect("taken");
    actor.tell("6");
    CHECK(next(last) == 9);
    actor.expect("answered");
    actor.kill();
    CHECK_FALSE(last.receive(patience).value().has_value());
    CHECK(last.state() == ipc::StreamState::PeerDied);
}

TEST_CASE("what a service's creator said of it is known to the next broker") {
    harness::BrokerProcess broker;
    const auto node = node_at(broker.socket(), "describing");
    const auto attributes =
        ipc::AttributeSpecifier{}.define("maker", "ACME").define("maker", "Ünï \"quoted\"");
    const ipc::Schema schema{.format = "idl", .text = "struct Number {\n\tlong value;\n};\n"};
    const auto service = node.service_builder("S")
                             .publish_subscribe<Number>()
                             .payload_schema(schema)
                             .create_with_attributes(attributes)
                             .value();
    restart::restart(broker);
    REQUIRE(are_back(broker, 1));
    const auto opened = node_at(broker.socket(), "opening")
                            .service_builder("S")
                            .publish_subscribe<Number>()
                            .open_with_attributes(ipc::AttributeVerifier{}.require("maker", "ACME"))
                            .value();
    CHECK_FALSE(opened.was_created());
    CHECK(opened.attributes() == attributes.attributes());
    CHECK(opened.static_config().payload_schema == schema);
}
