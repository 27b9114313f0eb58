// SPDX-License-Identifier: Apache-2.0
#include "roudi/embedded.hpp"

#include "catch.hpp"
#include "harness/forked_child.hpp"
#include "raw_client.hpp"

#include <unistd.h>

TEST_CASE("an embedded broker serves its process and ends with its owner") {
    auto broker = roudi::EmbeddedBroker::start();
    REQUIRE(broker);
    RawClient client{(*broker)->connect()};
    const auto welcome = client.hello("inside");
    CHECK(welcome.broker_pid == static_cast<std::uint64_t>(::getpid()));
    RawClient neighbour{(*broker)->connect()};
    neighbour.hello("neighbour");
    const auto service = client.call<wire::ServiceOpened>(open_service("s")).service;
    neighbour.call<wire::ServiceOpened>(open_service("s"));
    add_publisher(client, service);
    CHECK(add_subscriber(neighbour, service).created.connections.size() == 1);
    CHECK(client.expect<wire::ConnectionOffered>().sending);
    const auto status = neighbour.query("status");
    CHECK(status["broker"]["embedded"] == true);
    CHECK(status["totals"]["sessions"] == 2);
    broker->reset();
    CHECK(client.reason_of_the_end() == "the embedded broker ends");
    CHECK(neighbour.reason_of_the_end() == "the embedded broker ends");
}

TEST_CASE("embedded brokers know nothing of each other") {
    auto left = roudi::EmbeddedBroker::start();
    auto right = roudi::EmbeddedBroker::start();
    RawClient in_left{(*left)->connect()};
    in_left.hello();
    RawClient in_right{(*right)->connect()};
    in_right.hello();
    in_left.call<wire::ServiceOpened>(open_service("s"));
    CHECK(in_right.query("services")["services"].empty());
}

#if HARNESS_CHILD_OF_THREADS_ALLOCATES
TEST_CASE("a forked child's copy of an embedded broker does nothing") {
    auto broker = roudi::EmbeddedBroker::start();
    RawClient client{(*broker)->connect()};
    client.hello();
    auto child = harness::forked([&] {
        broker->reset();
        return 7;
    });
    CHECK(child.wait() == harness::Ending{.exited = true, .code = 7});
    client.query("status");
}
#endif
