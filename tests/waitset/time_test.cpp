// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "waiting_set.hpp"

#include <chrono>
#include <optional>
#include <vector>

using namespace waitset;
using Clock = std::chrono::steady_clock;

namespace {

void let_pass(std::chrono::nanoseconds duration) {
    const auto end = Clock::now() + duration;
    while (Clock::now() < end) continue;
}

}  // namespace

TEST_CASE("an interval ticks again and again, never early", "[waitset]") {
    auto set = a_wait_set();
    const auto begin = Clock::now();
    const auto tick = set.attach_interval(5ms).value();
    for (int i = 1; i <= 5; ++i) {
        CHECK(round_of(set, patience) == ids({&tick}));
        CHECK(Clock::now() - begin >= i * 5ms);
    }
}

TEST_CASE("intervals that are over while nobody looks are one tick", "[waitset]") {
    auto set = a_wait_set();
    const auto tick = set.attach_interval(20ms).value();
    let_pass(90ms);
    std::vector<WaitSetAttachmentId> called;
    set.wait_and_process_once([&](const WaitSetAttachmentId& id) {
           called.push_back(id);
           return CallbackProgression::Continue;
       })
        .value();
    CHECK(called == ids({&tick}));
    CHECK(called.front().has_event_from(tick));
}

TEST_CASE("of two intervals each ticks by itself", "[waitset]") {
    auto set = a_wait_set();
    const auto fast = set.attach_interval(1ms).value();
    const auto never = set.attach_interval(std::chrono::nanoseconds::max()).value();
    const auto slow = set.attach_interval(20ms).value();
    int fast_ticks = 0;
    bool slow_ticked = false;
    set.wait_and_process([&](const WaitSetAttachmentId& id) {
           CHECK_FALSE(id.has_event_from(never));
           if (id.has_event_from(fast)) ++fast_ticks;
           slow_ticked = slow_ticked || id.has_event_from(slow);
           return slow_ticked && fast_ticks >= 5 ? CallbackProgression::Stop : CallbackProgression::Continue;
       })
        .value();
    CHECK(fast_ticks >= 5);
}

TEST_CASE("a deadline is missed where nothing comes, once for each that passes", "[waitset]") {
    auto set = a_wait_set();
    const Event event;
    const auto guard = set.attach_deadline(event.descriptor(), 5ms).value();
    for (int i = 0; i < 3; ++i) {
        const auto called = round_of(set, patience);
        REQUIRE(called == ids({&guard}));
        CHECK(called.front().has_missed_deadline(guard));
        CHECK_FALSE(called.front().has_event_from(guard));
    }
}

TEST_CASE("a deadline is met by what is there, however late somebody looks", "[waitset]") {
    auto set = a_wait_set();
    const Event event;
    const auto guard = set.attach_deadline(event.descriptor(), 5ms).value();
    event.raise();
    for (int i = 0; i < 3; ++i) {
        let_pass(10ms);
        const auto called = round_of(set);
        REQUIRE(called.size() == 1);
        CHECK(called.front().has_event_from(guard));
    }
}

TEST_CASE("a deadline begins anew with each event", "[waitset]") {
    auto set = a_wait_set();
    const Event event;
    const auto guard = set.attach_deadline(event.descriptor(), 1h).value();
    const auto tick = set.attach_interval(1ms).value();
    for (int i = 0; i < 20; ++i) {
        if (i % 2 == 0) event.raise();
        for (const auto& id : round_of(set, patience)) CHECK_FALSE(id.has_missed_deadline(guard));
        event.lower();
    }
}

TEST_CASE("an interval that is detached no longer ticks, and leaves nothing to wake for", "[waitset]") {
    auto set = a_wait_set();
    std::optional tick{set.attach_interval(1ms).value()};
    const auto other = set.attach_interval(1h).value();
    CHECK(round_of(set, patience).size() == 1);
    tick.reset();
    let_pass(5ms);
    CHECK(round_of(set).empty());
    CHECK_FALSE(readable(set.file_descriptor()));
}

TEST_CASE("a wait with a timeout ends by itself, and not before", "[waitset]") {
    auto set = a_wait_set();
    const auto never = set.attach_interval(24h).value();
    const auto begin = Clock::now();
    CHECK(round_of(set, 10ms).empty());
    CHECK(Clock::now() - begin >= 10ms);
    CHECK(round_of(set, 0ns).empty());
    CHECK(round_of(set, -1h).empty());
}
