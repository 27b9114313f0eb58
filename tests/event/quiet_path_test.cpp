// SPDX-License-Identifier: Apache-2.0
// Nothing on the way of a notification makes a system call or allocates, as long as the listener is awake.
#include "catch.hpp"
#include "event/world.hpp"
#include "harness/sworn_off.hpp"

#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <string>

namespace {

using namespace event;
using namespace harness;

std::uint64_t notifications = 0;
void count(EventActivation activation) {
    notifications += activation.count();
}

ACTOR(quiet_notifications) {
    const std::uint64_t times = std::stoull(arguments.at(0));
    const std::uint64_t highest = std::stoull(arguments.at(1));
    auto node = ipc::NodeBuilder{}.name("quiet").create().value();
    auto service = node.service_builder("quiet").event().event_id_max_value(highest).create().value();
    auto notifier = service.notifier_builder().create().value();
    auto listener = service.listener_builder().create().value();
    const auto exchange = [&](std::uint64_t rounds) {
        notifications = 0;
        std::uint64_t ones = 0;
        for (std::uint64_t i = 0; i < rounds; ++i) {
            notifier.notify(EventId{i % (highest + 1)}).value();
            listener.try_wait(count).value();
            listener.try_wait(count).value();
            for (int n = 0; n < 3; ++n) notifier.notify(EventId{(i * 31 + 7) % (highest + 1)}).value();
            ones += listener.try_wait_one().value().has_value() ? 1 : 0;
            listener.try_wait(count).value();
        }
        return notifications + ones == 4 * rounds;
    };
    if (!exchange(100)) ::_exit(lost);
    if (!swear_off_system_calls()) ::_exit(could_not_swear);
    const std::uint64_t before = allocations();
    const bool all = exchange(times);
    end(before, all);
}

// `first` notifies and waits, polling, for the answer; the other one answers.
ACTOR(quiet_pair) {
    const bool first = arguments.at(0) == "first";
    constexpr std::uint64_t rounds = 1000;  // each waits for the other to get a processor
    auto node = ipc::NodeBuilder{}.name("quiet").create().value();
    auto there = node.service_builder("there").event().open_or_create().value();
    auto back = node.service_builder("back").event().open_or_create().value();
    auto notifier = (first ? there : back).notifier_builder().create().value();
    auto listener = (first ? back : there).listener_builder().create().value();
    test.tell("ready");
    test.expect("begin");
    const auto exchange = [&](std::uint64_t times) {
        for (std::uint64_t i = 0; i < times; ++i) {
            if (first) notifier.notify(EventId{i % 256}).value();
            while (listener.try_wait(count).value() == 0) {
            }
            if (!first) notifier.notify(EventId{i % 256}).value();
        }
    };
    exchange(100);
    if (!swear_off_system_calls()) ::_exit(could_not_swear);
    const std::uint64_t before = allocations();
    exchange(rounds);
    end(before, true);
}

}  // namespace

TEST_CASE("no system call and no allocation on the way of a million notifications", "[event][quiet]") {
    for (const char* highest : {"4", "255", "65535"}) {
        harness::BrokerProcess broker;
        harness::Actor actor{"quiet_notifications", {"250000", highest}, broker.environment()};
        INFO("ids up to " << highest);
        CHECK(actor.wait() == harness::Ending{.exited = true, .code = kept});
    }
}

TEST_CASE("nor of notifications between two processes that poll", "[event][quiet]") {
    harness::BrokerProcess broker;
    harness::Actor first{"quiet_pair", {"first"}, broker.environment()};
    harness::Actor second{"quiet_pair", {"second"}, broker.environment()};
    first.expect("ready");
    second.expect("ready");
    first.tell("begin");
    second.tell("begin");
    CHECK(first.wait() == harness::Ending{.exited = true, .code = kept});
    CHECK(second.wait() == harness::Ending{.exited = true, .code = kept});
}
