// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "harness/world.hpp"
#include "wait_counter.hpp"
#include "waiting_set.hpp"

#include <sys/resource.h>

#include <cstdint>
#include <map>
#include <vector>

using namespace waitset;

namespace {

constexpr std::size_t many = 2000;

void allow_descriptors() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

TEST_CASE("of thousands of attachments the one that something happens to is called back for", "[waitset]") {
    allow_descriptors();
    auto set = a_wait_set();
    const std::vector<Event> events(many);
    std::vector<WaitSetGuard> guards;
    for (const Event& event : events) guards.push_back(set.attach_deadline(event.descriptor(), 24h).value());
    for (std::size_t i = 0; i < many; ++i) guards.push_back(set.attach_interval(24h).value());
    CHECK(set.size() == 2 * many);
    for (std::size_t i = 0; i < many; i += 97) {
        events[i].raise();
        const auto before = waits_so_far();
        REQUIRE(round_of(set, patience) == ids({&guards[i]}));
        CHECK(waits_so_far() - before == 1);
        events[i].lower();
    }
}

TEST_CASE("thousands of things that happen at once are one round", "[waitset]") {
    allow_descriptors();
    auto set = a_wait_set();
    const std::vector<Event> events(many);
    std::vector<WaitSetGuard> guards;
    std::map<WaitSetAttachmentId, int> calls;
    for (const Event& event : events) {
        guards.push_back(set.attach_notification(event.descriptor()).value());
        event.raise();
    }
    const auto before = waits_so_far();
    for (const auto& id : round_of(set, patience)) ++calls[id];
    CHECK(waits_so_far() - before == 1);
    CHECK(calls.size() == many);
    for (const auto& [id, count] : calls) REQUIRE(count == 1);
}

TEST_CASE("ports that are idle do not wake a set, however many they are", "[waitset]") {
    allow_descriptors();
    constexpr std::size_t idle = 200;
    harness::World world;
    auto silent = world.node.service_builder("silent")
                      .publish_subscribe<std::uint64_t>()
                      .max_subscribers(idle)
                      .create()
                      .value();
    auto service = world.node.service_builder("numbers").publish_subscribe<std::uint64_t>().create().value();
    auto publisher = service.publisher_builder().create().value();
    auto subscriber = service.subscriber_builder().create().value();
    auto set = a_wait_set();
    const auto guard = set.attach_notification(subscriber).value();
    std::vector<ipc::Subscriber<std::uint64_t>> subscribers;
    std::vector<WaitSetGuard> guards;
    for (std::size_t i = 0; i < idle; ++i) {
        subscribers.push_back(silent.subscriber_builder().create().value());
        guards.push_back(set.attach_notification(subscribers.back()).value());
    }
    while (readable(set.file_descriptor(), 10)) CHECK(round_of(set).empty());  // each is looked at once
    for (std::uint64_t i = 0; i < 200; ++i) {
        publisher.send_copy(i).value();
        const auto before = waits_so_far();
        REQUIRE(round_of(set, patience) == ids({&guard}));
        CHECK(waits_so_far() - before == 1);
        REQUIRE(subscriber.receive().value().has_value());
        REQUIRE_FALSE(subscriber.receive().value().has_value());
        REQUIRE(round_of(set).empty());
        REQUIRE_FALSE(readable(set.file_descriptor()));
    }
}
