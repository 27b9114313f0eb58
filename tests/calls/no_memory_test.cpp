// SPDX-License-Identifier: Apache-2.0
// The one thing that a broker does not survive: that C++ gets no memory.
#include "broker/raw_client.hpp"
#include "calls/everything.hpp"
#include "catch.hpp"
#include "harness/world.hpp"

#include <signal.h>
#include <sys/resource.h>

#include <cstdint>
#include <stdexcept>
#include <string>

namespace {

void open_services_without_end(const std::string& socket) {
    RawClient greedy{socket};
    greedy.hello("greedy");
    for (int i = 0;; ++i) (void)greedy.call<wire::ServiceOpened>(open_service(std::to_string(i)));
}

bool have_come_back(const std::string& socket, int nodes) {
    RawClient observer{socket};
    observer.hello("observer", true);
    return observer.query("status")["readopted"]["nodes"] == nodes;
}

}  // namespace

TEST_CASE("a broker whose own memory runs out ends as if it had died, and the next one has everything") {
    harness::BrokerProcess broker;
    const auto sending = harness::node_at(broker.socket(), "sending");
    const auto receiving = harness::node_at(broker.socket(), "receiving");
    const auto flow = [](const ipc::Node& node) {
        return node.service_builder("flow").publish_subscribe<std::uint64_t>().open_or_create().value();
    };
    auto publisher = flow(sending).publisher_builder().create().value();
    auto subscriber = flow(receiving).subscriber_builder().create().value();
    const auto flows = [&](std::uint64_t number) {
        CHECK(publisher.send_copy(number).value() == 1);
        const auto sample = subscriber.receive(harness::patience).value();
        REQUIRE(sample);
        CHECK(**sample == number);
    };

    const rlimit no_more{.rlim_cur = 1, .rlim_max = RLIM_INFINITY};
    REQUIRE(::prlimit(broker.pid(), RLIMIT_AS, &no_more, nullptr) == 0);
    CHECK_THROWS_AS(open_services_without_end(broker.socket()), std::runtime_error);
    CHECK(broker.process().wait() == harness::Ending{.exited = false, .code = 0, .signal = SIGABRT});
    flows(1);

    broker.start_again();
    CHECK(harness::eventually([&] { return have_come_back(broker.socket(), 2); }));
    flows(2);
    CHECK(calls::do_everything(broker.socket()).empty());
}
