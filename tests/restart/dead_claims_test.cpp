// SPDX-License-Identifier: Apache-2.0
// Claims that outlive who made them.
#include "catch.hpp"
#include "restart/comeback.hpp"
#include "restart/world.hpp"

#include <csignal>
#include <variant>

using namespace restart;

namespace {

ACTOR(claiming_publisher) {
    const std::string& socket = arguments.at(0);
    const Claimant claimant{socket, "lives"};
    test.tell("ready");
    test.expect("come back");
    Comeback comeback{socket};
    comeback.claim(claimant);
    comeback.client().expect<wire::ServiceReadopted>();
    test.tell("amid its claims");
    test.expect("be done");
    comeback.say_done();
    test.tell("done");
    (void)test.hear();
    return 0;
}

wire::CreatePort subscriber_request() {
    return {.service = 0, .name = "s", .settings = wire::SubscriberSettings{}};
}

}  // namespace

TEST_CASE("who came back is not connected anew with one who has died since, and gets no history twice") {
    harness::BrokerProcess broker;
    harness::Actor publisher{"claiming_publisher", {broker.socket()}};
    publisher.expect("ready");
    const Claimant subscriber{broker.socket(), "lives", subscriber_request()};
    restart::restart(broker);
    publisher.tell("come back");
    publisher.expect("amid its claims");
    REQUIRE(eventually([&] { return status(broker)["totals"]["ports"] == 1; }));
    Comeback survivor{broker.socket()};
    survivor.claim_all(subscriber);
    survivor.client().expect<wire::ServiceReadopted>();
    survivor.client().expect<wire::Readopted>();

    // What the broker hears of the publisher next is its last claim, and by then it is dead.
    broker.process().stop();
    publisher.tell("be done");
    publisher.expect("done");
    publisher.kill();
    broker.process().signal(SIGCONT);
    REQUIRE(eventually([&] { return status(broker)["totals"]["nodes"] == 1; }));
    survivor.client().ask(wire::Query{.what = "status"});
    const auto next = survivor.client().hear();
    REQUIRE(next);
    CHECK(std::holds_alternative<wire::Answer>(next->message));
}
