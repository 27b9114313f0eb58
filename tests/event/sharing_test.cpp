// SPDX-License-Identifier: Apache-2.0
// Ports that several threads use at once, and many ports at once: every notification is heard once.
#include "catch.hpp"
#include "event/world.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

using namespace event;

namespace {

constexpr std::uint64_t ids = 70;

using Counts = std::array<std::atomic<std::uint64_t>, ids>;

void add(Counts& counts, EventActivation activation) {
    counts[activation.id().value()] += activation.count();
}

std::uint64_t total(const Counts& counts) {
    std::uint64_t sum = 0;
    for (const auto& count : counts) sum += count;
    return sum;
}

}  // namespace

TEST_CASE("many notifiers flat out and many listeners: nothing is lost and nothing twice",
          "[event][threads]") {
    World world;
    const auto service = world.node.service_builder("E").event().create().value();
    constexpr std::uint64_t each = 20'000;
    constexpr std::size_t notifiers = 4;
    std::vector<ipc::Notifier> sending;
    std::vector<ipc::Listener> receiving;
    for (std::size_t i = 0; i < notifiers; ++i) {
        sending.push_back(service.notifier_builder().create().value());
        receiving.push_back(service.listener_builder().create().value());
    }
    std::vector<Counts> counts(receiving.size());
    std::vector<std::thread> threads;
    for (auto& notifier : sending)
        threads.emplace_back([&] {
            for (std::uint64_t i = 0; i < each; ++i) notifier.notify(EventId{i % ids}).value();
        });
    for (std::size_t i = 0; i < receiving.size(); ++i)
        threads.emplace_back([&, i] {
            while (total(counts[i]) < notifiers * each)
                if (receiving[i]
                        .timed_wait([&](EventActivation e) { add(counts[i], e); }, patience)
                        .value() == 0)
                    break;
        });
    for (auto& thread : threads) thread.join();
    for (const Counts& of_one : counts)
        for (std::uint64_t id = 0; id < ids; ++id)
            REQUIRE(of_one[id] == notifiers * (each / ids + (id < each % ids ? 1 : 0)));
}

TEST_CASE("threads share a listener, and each notification is told to one of them", "[event][threads]") {
    World world;
    const auto service = world.node.service_builder("E").event().create().value();
    constexpr std::uint64_t each = 20'000;
    std::vector<ipc::Notifier> notifiers;
    for (int i = 0; i < 2; ++i) notifiers.push_back(service.notifier_builder().create().value());
    auto listener = service.listener_builder().create().value();
    Counts counts{};
    std::vector<std::thread> threads;
    for (auto& notifier : notifiers)
        threads.emplace_back([&] {
            for (std::uint64_t i = 0; i < each; ++i) notifier.notify(EventId{i % ids}).value();
        });
    const auto listen = [&](auto&& wait) {
        const auto started = std::chrono::steady_clock::now();
        while (total(counts) < 2 * each && std::chrono::steady_clock::now() - started < patience) wait();
    };
    const auto hear = [&](EventActivation e) { add(counts, e); };
    threads.emplace_back([&] { listen([&] { listener.try_wait(hear).value(); }); });
    threads.emplace_back([&] { listen([&] { listener.timed_wait(hear, 5ms).value(); }); });
    threads.emplace_back([&] {
        listen([&] {
            if (const auto id = listener.timed_wait_one(5ms).value()) hear({*id, 1});
        });
    });
    for (auto& thread : threads) thread.join();
    for (std::uint64_t id = 0; id < ids; ++id)
        REQUIRE(counts[id] == 2 * (each / ids + (id < each % ids ? 1 : 0)));
    CHECK(heard(listener).empty());
}

TEST_CASE("threads share a notifier that was built for it", "[event][threads]") {
    World world;
    const auto service = world.node.service_builder("E").event().create().value();
    auto notifier = service.notifier_builder().thread_safe(true).create().value();
    auto listener = service.listener_builder().create().value();
    std::vector<std::thread> threads;
    for (std::uint64_t i = 0; i < 3; ++i)
        threads.emplace_back([&, i] {
            for (int n = 0; n < 5000; ++n) notifier.notify(EventId{i}).value();
        });
    std::thread comes_and_goes{[&] {
        for (int i = 0; i < 50; ++i) (void)service.listener_builder().create().value();
    }};
    for (auto& thread : threads) thread.join();
    comes_and_goes.join();
    CHECK(heard(listener) == Tally{{0, 5000}, {1, 5000}, {2, 5000}});
}

TEST_CASE("notifiers come and go while threads listen, and nothing they told is lost", "[event][threads]") {
    World world;
    const auto service = world.node.service_builder("E")
                             .event()
                             .max_notifiers(2)
                             .notifier_dropped_event(EventId{1})
                             .create()
                             .value();
    auto listener = service.listener_builder().create().value();
    constexpr std::uint64_t generations = 300;
    Counts counts{};
    std::atomic<bool> failed{false};
    std::vector<std::thread> threads;
    for (int i = 0; i < 2; ++i)
        threads.emplace_back([&, i] {
            const auto started = std::chrono::steady_clock::now();
            const auto hear = [&](EventActivation e) { add(counts, e); };
            while (counts[1] < generations || counts[0] < 10 * generations) {
                if (i == 0)
                    listener.try_wait(hear).value();
                else
                    listener.timed_wait(hear, 5ms).value();
                if (std::chrono::steady_clock::now() - started > patience) {
                    failed = true;
                    return;
                }
            }
        });
    for (std::uint64_t i = 0; i < generations; ++i) {
        auto notifier = service.notifier_builder().create().value();
        for (int n = 0; n < 10; ++n) notifier.notify(EventId{0}).value();
    }
    for (auto& thread : threads) thread.join();
    CHECK_FALSE(failed);
    CHECK(counts[0] == 10 * generations);
    CHECK(counts[1] == generations);
}
