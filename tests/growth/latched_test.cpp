// SPDX-License-Identifier: Apache-2.0
// What publishers of latched services left in further segments.
#include "catch.hpp"
#include "growth/world.hpp"

#include <unistd.h>

using namespace growth;

namespace {

auto latched_service(const ipc::Node& node) {
    return node.service_builder("latched")
        .publish_subscribe<Slice>()
        .latched(true)
        .history_size(3)
        .subscriber_max_borrowed_samples(3)
        .open_or_create()
        .value();
}

ACTOR(publisher_that_leaves_slices) {
    auto node = harness::node_at(arguments.at(0));
    auto publisher = latched_service(node)
                         .publisher_builder()
                         .allocation_strategy(AllocationStrategy::PowerOfTwo)
                         .create()
                         .value();
    for (std::uint64_t slice = 0; slice < 6; ++slice) send(publisher, slice, 100'000 * slice + 1).value();
    test.tell("sent");
    (void)test.hear();
    return 0;
}

template <class Service>
void check_what_a_joiner_gets(const Service& service) {
    auto subscriber = service.subscriber_builder().create().value();
    for (std::uint64_t slice = 3; slice < 6; ++slice)
        CHECK(is_whole(next(subscriber), slice, 100'000 * slice + 1));
    CHECK_FALSE(subscriber.receive().value().has_value());
}

}  // namespace

TEST_CASE("what a publisher that was killed left in further segments is received, also behind a restart",
          "[growth]") {
    harness::BrokerProcess broker;
    auto node = node_at(broker.socket());
    auto service = latched_service(node);
    harness::Actor publisher{"publisher_that_leaves_slices", {broker.socket()}};
    publisher.expect("sent");
    check_what_a_joiner_gets(service);
    publisher.kill();
    const auto kept = [&] {
        RawClient observer{broker.socket()};
        observer.hello("observer", true);
        return observer.query("service", "latched")["services"][0]["kept_histories"] == 1;
    };
    REQUIRE(eventually(kept));
    check_what_a_joiner_gets(service);
    check_what_a_joiner_gets(latched_service(node_at(broker.socket(), "another")));
    for (int restarts = 0; restarts < 2; ++restarts) {
        broker.kill();
        broker.start_again();
        REQUIRE(are_back(broker, 1));
        CHECK(kept());
        check_what_a_joiner_gets(service);
        check_what_a_joiner_gets(latched_service(node_at(broker.socket(), "new")));
    }
}
