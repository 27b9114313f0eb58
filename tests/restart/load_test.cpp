// SPDX-License-Identifier: Apache-2.0
// Restarts under load, and many of them.
#include "catch.hpp"
#include "restart/use.hpp"
#include "restart/world.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <optional>
#include <thread>
#include <vector>

using namespace restart;
using Clock = std::chrono::steady_clock;

namespace {

#if defined(RESTART_MEMORY_IS_COUNTED)
constexpr bool memory_is_counted = true;
#else
constexpr bool memory_is_counted = false;
#endif

double milliseconds(Clock::duration duration) {
    return std::chrono::duration<double, std::milli>(duration).count();
}

struct Gaps {
    Clock::duration longest{};
    std::uint64_t samples = 0;
};

// Receives, in order, for as long as something else is done.
template <class Subscriber, class Work>
Gaps receive_meanwhile(Subscriber& subscriber, Number& last, Work work) {
    std::atomic<bool> done{false};
    std::thread worker{[&] {
        work();
        done = true;
    }};
    Gaps gaps;
    auto before = Clock::now();
    bool in_order = true;
    while (!done) {
        auto sample = subscriber.receive().value();
        if (!sample) continue;
        in_order = in_order && **sample == ++last;
        const auto now = Clock::now();
        gaps.longest = std::max(gaps.longest, now - before);
        before = now;
        ++gaps.samples;
    }
    worker.join();
    REQUIRE(in_order);
    return gaps;
}

// One broker has some 50 KiB more than another; over 800 restarts, it is 160 bytes for each.
constexpr std::uint64_t kilobytes_of_noise = 128;

// `first`: so many until everything is as it goes on to be.
void restart_again_and_again(int first, int times) {
    harness::BrokerProcess broker;
    harness::Actor counting{"counting", {broker.socket(), "threaded"}};
    harness::Actor notifying{"notifying", {broker.socket()}};
    counting.expect("ready");
    notifying.expect("ready");
    const auto node = node_at(broker.socket(), "receiving");
    auto subscriber = numbers(node).subscriber_builder().create().value();
    auto listener = signals(node).listener_builder().create().value();
    // What wakes them is there from the start, whether they sleep before it is counted or not.
    (void)subscriber.file_descriptor().value();
    (void)listener.file_descriptor().value();
    Number last = 0;
    const auto pass = [&] {
        counting.tell("1");
        REQUIRE(next(subscriber) == ++last);
        counting.expect("sent");
        notifying.tell("1");
        REQUIRE(listener.timed_wait_one(patience).value() == ipc::EventId{7});
        notifying.expect("notified");
    };
    const auto once = [&] {
        restart::restart(broker);
        REQUIRE(are_back(broker, 3));
        REQUIRE(status(broker)["readopted"]["connections"] == 2);
        pass();
    };
    pass();
    struct Watched {
        const char* who;
        std::function<pid_t()> pid;
        Use before;
    };
    std::vector<Watched> all{{"receiving and listening", [] { return ::getpid(); }, {}},
                             {"sending", [&] { return counting.process.pid(); }, {}},
                             {"notifying", [&] { return notifying.process.pid(); }, {}},
                             {"the broker", [&] { return broker.pid(); }, {}}};
    for (int i = 0; i < first; ++i) once();
    for (Watched& one : all) one.before = use_of(one.pid());
    for (int i = 0; i < times; ++i) once();
    // The broker knows that a node is back before the node does, which watches out for a broker until then;
    // and whoever looked at the broker's status last may not be quite gone yet.
    for (const Watched& one : all) {
        INFO(one.who);
        Use now;
        CHECK(eventually([&] {
            now = use_of(one.pid());
            return now.descriptors <= one.before.descriptors && now.mappings <= one.before.mappings &&
                   now.threads <= one.before.threads;
        }));
        print(one.who, one.before, now);
        if (memory_is_counted) CHECK(now.kilobytes <= one.before.kilobytes + kilobytes_of_noise);
    }
    CHECK(status(broker)["broker"]["restarts"] == first + times);
}

}  // namespace

TEST_CASE("a flow that never pauses loses, doubles and mixes up nothing while brokers come and go") {
    harness::BrokerProcess broker;
    harness::Actor actor{"counting_without_a_pause", {broker.socket()}};
    actor.expect("ready");
    const auto node = node_at(broker.socket(), "receiving");
    const auto service = numbers(node);
    auto subscriber = service.subscriber_builder().create().value();
    actor.tell("go");
    Number last = 0;
    const auto quiet_from = Clock::now();
    constexpr int restarts = 10;
    Clock::duration slowest{};
    const auto noisy = receive_meanwhile(subscriber, last, [&] {
        for (int i = 0; i < restarts; ++i) {
            broker.kill();
            broker.start_again();
            const auto started = Clock::now();
            (void)service.publisher_builder().create().value();
            slowest = std::max(slowest, Clock::now() - started);
        }
    });
    const auto noise = Clock::now() - quiet_from;
    const auto quiet = receive_meanwhile(subscriber, last, [&] {
        // The same load on the processors: processes that start, and end; the broker lives.
        const auto until = Clock::now() + noise;
        while (Clock::now() < until) {
            harness::BrokerProcess other;
            const auto elsewhere = node_at(other.socket(), "elsewhere");
            (void)numbers(elsewhere).publisher_builder().create().value();
        }
    });
    std::printf(
        "longest gap between two samples: %.2f ms over %d restarts of the broker (%llu samples), %.2f ms "
        "beside "
        "brokers of others that start and end (%llu samples); a new port after a restart: %.2f ms at most\n",
        milliseconds(noisy.longest), restarts, static_cast<unsigned long long>(noisy.samples),
        milliseconds(quiet.longest), static_cast<unsigned long long>(quiet.samples), milliseconds(slowest));
    CHECK(noisy.samples > 0);
    actor.tell("end");
}

TEST_CASE("restarts in a row leave descriptors, threads and memory where they were") {
    restart_again_and_again(3, 10);
}

TEST_CASE("a thousand restarts in a row leave descriptors, threads and memory where they were", "[.long]") {
    restart_again_and_again(200, 800);
}
