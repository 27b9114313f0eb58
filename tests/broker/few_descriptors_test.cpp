// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "harness/broker_process.hpp"
#include "raw_client.hpp"

#include <sys/resource.h>

#include <string>
#include <vector>

TEST_CASE("descriptors that run out stop the accepting and not the broker") {
    // What the broker itself has open, and room for a few clients (each: socket, pidfd, counters).
    harness::BrokerProcess broker{{.arguments = {},
                                   .environment = {},
                                   .configuration = R"({"session": {"frame_timeout_ms": 600000}})"}};
    RawClient observer{broker.socket()};
    observer.hello("looker", true);
    const rlimit limit{.rlim_cur = harness::open_descriptors(broker.pid()) + 7, .rlim_max = 4096};
    REQUIRE(::prlimit(broker.pid(), RLIMIT_NOFILE, &limit, nullptr) == 0);
    std::vector<RawClient> waiting;
    for (int i = 0; i < 8; ++i) waiting.emplace_back(broker.socket());
    REQUIRE(harness::eventually([&] {
        return broker.log().find("no client is accepted until another one leaves") != std::string::npos;
    }));
    observer.query("status");
    // One leaves, and the next gets its turn: in the end all have had it.
    for (RawClient& client : waiting) {
        CHECK_NOTHROW(client.hello("w", true));
        client.hang_up();
    }
    observer.query("status");
}
