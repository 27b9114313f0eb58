// SPDX-License-Identifier: Apache-2.0

// The real thing on real processors: a notifier flat out, and threads of one listener.
#include "catch.hpp"
#include "event_fixture.hpp"

#include <array>
#include <atomic>
#include <latch>
#include <thread>
#include <vector>

using namespace ring_tests;

namespace {

constexpr std::uint64_t notifications = 60'000;
constexpr std::uint64_t max_id = 299;

struct EventTraffic {
    Events events{max_id};
    std::array<std::atomic<std::uint64_t>, max_id + 1> told{};
    // What was written before a notification is seen after it. Of each id, how often it was about to be
    // notified.
    std::array<std::atomic<std::uint64_t>, max_id + 1> announced{};
    std::atomic<std::uint64_t> broken{0};
    std::atomic<bool> finished{false};

    std::uint64_t id_of(std::uint64_t i, std::uint64_t ids) const { return i * 7919 % ids; }

    void notify(std::uint64_t ids) {
        for (std::uint64_t i = 0; i < notifications; ++i) {
            std::uint64_t const id = id_of(i, ids);
            announced[id].fetch_add(1, std::memory_order_relaxed);
            events.notifier.notify(id);
            if (i % 1024 == 0) std::this_thread::yield();
        }
        finished.store(true, std::memory_order_release);
    }

    void listen(bool one_by_one) {
        auto const sink = [&](std::uint64_t id, std::uint64_t count) {
            std::uint64_t const so_far = told[id].fetch_add(count, std::memory_order_relaxed) + count;
            if (so_far > announced[id].load(std::memory_order_relaxed)) ++broken;
        };
        for (;;) {
            bool const was_finished = finished.load(std::memory_order_acquire);
            auto const outcome =
                one_by_one ? events.listener.collect_one(sink) : events.listener.collect(sink);
            if (outcome == EventOutcome::corrupted) ++broken;
            if (outcome == EventOutcome::corrupted ||
                (outcome == EventOutcome::nothing && was_finished && !events.listener.has_data()))
                return;
            if (outcome == EventOutcome::nothing) std::this_thread::yield();
        }
    }
};

}  // namespace

TEST_CASE("Under load every notification is told once", "[stress]") {
    EventTraffic traffic;
    std::size_t const listeners = GENERATE(1U, 3U);
    std::uint64_t const ids = GENERATE(std::uint64_t{1}, std::uint64_t{2}, max_id + 1);
    bool const one_by_one = GENERATE(false, true);
    std::vector<std::thread> threads;
    std::latch start(static_cast<std::ptrdiff_t>(listeners) + 1);
    for (std::size_t i = 0; i < listeners; ++i)
        threads.emplace_back([&, i] {
            start.arrive_and_wait();
            traffic.listen(one_by_one && i == 0);
        });
    start.arrive_and_wait();
    traffic.notify(ids);
    for (std::thread& thread : threads) thread.join();
    REQUIRE(traffic.broken == 0);
    std::vector<std::uint64_t> expected(max_id + 1, 0);
    for (std::uint64_t i = 0; i < notifications; ++i) ++expected[traffic.id_of(i, ids)];
    for (std::uint64_t id = 0; id <= max_id; ++id) REQUIRE(traffic.told[id] == expected[id]);
}
