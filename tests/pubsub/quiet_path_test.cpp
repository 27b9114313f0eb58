// SPDX-License-Identifier: Apache-2.0
// Nothing on the way of a sample makes a system call or allocates: an actor swears off both, and is killed by
// the kernel (SIGSYS) at the first system call of the thread that sends and receives.
#include "catch.hpp"
#include "harness/sworn_off.hpp"
#include "pubsub/world.hpp"

#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdint>
#include <string>

namespace {

using namespace harness;
using namespace pubsub;

template <class Payload>
void in_one_process(std::uint64_t count) {
    auto node = ipc::NodeBuilder{}.name("quiet").create().value();
    auto service = node.service_builder("quiet").publish_subscribe<Payload>().create().value();
    auto publisher = service.publisher_builder().create().value();
    auto subscriber = service.subscriber_builder().create().value();
    const auto exchange = [&](std::uint64_t times) {
        bool received = true;
        for (std::uint64_t i = 0; i < times; ++i) {
            auto loan = publisher.loan_uninit().value();
            std::move(loan).assume_init().send().value();
            received = received && subscriber.receive().value().has_value() &&
                       !subscriber.receive().value().has_value();
        }
        return received;
    };
    if (!exchange(1000)) ::_exit(lost);
    if (!swear_off_system_calls()) ::_exit(could_not_swear);
    const std::uint64_t before = allocations();
    const bool received = exchange(count);
    end(before, received);
}

// `first` sends and waits, polling, for the answer; the other one answers.
template <class Payload>
void with_another(const harness::Line& test, bool first, std::uint64_t count) {
    auto node = ipc::NodeBuilder{}.name("quiet").create().value();
    auto there = node.service_builder("there").publish_subscribe<Payload>().open_or_create().value();
    auto back = node.service_builder("back").publish_subscribe<Payload>().open_or_create().value();
    auto publisher = (first ? there : back).publisher_builder().create().value();
    auto subscriber = (first ? back : there).subscriber_builder().create().value();
    test.tell("ready");
    test.expect("begin");
    const auto send = [&] { publisher.send_copy(Payload{}).value(); };
    const auto wait = [&] {
        while (!subscriber.receive().value()) {
        }
    };
    const auto exchange = [&](std::uint64_t times) {
        for (std::uint64_t i = 0; i < times; ++i) {
            if (first) send();
            wait();
            if (!first) send();
        }
    };
    exchange(100);
    if (!swear_off_system_calls()) ::_exit(could_not_swear);
    const std::uint64_t before = allocations();
    exchange(count);
    end(before, true);
}

ACTOR(quiet_alone) {
    const std::uint64_t count = std::stoull(arguments.at(1));
    if (arguments.at(0) == "slot") in_one_process<std::uint64_t>(count);
    in_one_process<Large>(count);
    return lost;
}

ACTOR(quiet_pair) {
    const bool first = arguments.at(1) == "first";
    constexpr std::uint64_t count = 1000;  // each waits for the other to get a processor
    if (arguments.at(0) == "slot") with_another<std::uint64_t>(test, first, count);
    with_another<Large>(test, first, count);
    return lost;
}

ACTOR(breaking_its_oath) {
    if (!swear_off_system_calls()) return could_not_swear;
    (void)::getppid();
    return kept;
}

}  // namespace

TEST_CASE("who makes a system call after having sworn them off is found out", "[pubsub][quiet]") {
    harness::Actor actor{"breaking_its_oath"};
    CHECK(actor.wait() == harness::Ending{.signal = SIGSYS});
}

TEST_CASE("no system call and no allocation on the way of a million samples", "[pubsub][quiet]") {
    for (const char* kind : {"slot", "reference"}) {
        harness::BrokerProcess broker;
        harness::Actor actor{"quiet_alone", {kind, "1000000"}, broker.environment()};
        INFO(kind);
        CHECK(actor.wait() == harness::Ending{.exited = true, .code = kept});
    }
}

TEST_CASE("nor between two processes that poll", "[pubsub][quiet]") {
    for (const char* kind : {"slot", "reference"}) {
        harness::BrokerProcess broker;
        harness::Actor first{"quiet_pair", {kind, "first"}, broker.environment()};
        harness::Actor second{"quiet_pair", {kind, "second"}, broker.environment()};
        first.expect("ready");
        second.expect("ready");
        first.tell("begin");
        second.tell("begin");
        INFO(kind);
        CHECK(first.wait() == harness::Ending{.exited = true, .code = kept});
        CHECK(second.wait() == harness::Ending{.exited = true, .code = kept});
    }
}
