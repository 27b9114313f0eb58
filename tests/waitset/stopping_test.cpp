// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "waiting_set.hpp"

#include <atomic>
#include <optional>
#include <thread>

using namespace waitset;

TEST_CASE("a callback stops", "[waitset]") {
    auto set = a_wait_set();
    const std::vector<Event> events(2);
    std::vector<WaitSetGuard> guards;
    for (const Event& event : events) {
        guards.push_back(set.attach_notification(event.descriptor()).value());
        event.raise();
    }
    int calls = 0;
    const auto stop = [&](const WaitSetAttachmentId&) {
        ++calls;
        return CallbackProgression::Stop;
    };
    CHECK(set.wait_and_process(stop).value() == Result::StopRequest);
    CHECK(calls == 1);
    CHECK(set.wait_and_process_once(stop).value() == Result::StopRequest);
    CHECK(calls == 2);
}

TEST_CASE("another thread stops a wait", "[waitset]") {
    auto set = a_wait_set();
    const auto tick = set.attach_interval(1ms).value();
    std::atomic<int> ticks{0};
    std::optional<ipc::WaitSetRunResult> result;
    std::thread waiting{[&] {
        result = set.wait_and_process([&](const WaitSetAttachmentId&) {
                        ++ticks;
                        return CallbackProgression::Continue;
                    })
                     .value();
    }};
    while (ticks < 3) std::this_thread::yield();
    set.stop_handle().stop();
    waiting.join();
    CHECK(result == Result::StopRequest);
}

TEST_CASE("a stop that comes before the wait ends it, once", "[waitset]") {
    auto set = a_wait_set();
    const Event event;
    const auto guard = set.attach_notification(event.descriptor()).value();
    event.raise();
    const auto handle = set.stop_handle();
    for (int i = 0; i < 5; ++i) handle.stop();
    bool called = false;
    const auto result = set.wait_and_process_once([&](const WaitSetAttachmentId&) {
        called = true;
        return CallbackProgression::Continue;
    });
    CHECK(result.value() == Result::StopRequest);
    CHECK_FALSE(called);
    CHECK(round_of(set) == ids({&guard}));
}

TEST_CASE("another thread wakes a wait for one round", "[waitset]") {
    auto set = a_wait_set();
    const auto never = set.attach_interval(24h).value();
    const auto handle = set.stop_handle();
    handle.wake();
    CHECK(set.wait_and_process_once(go_on).value() == Result::AllEventsHandled);
    for (int i = 0; i < 50; ++i) {
        std::thread other{[&] { handle.wake(); }};
        CHECK(set.wait_and_process_once(go_on).value() == Result::AllEventsHandled);
        other.join();
    }
    CHECK_FALSE(readable(set.file_descriptor()));
}

TEST_CASE("a stop handle outlives its set", "[waitset]") {
    std::optional set{a_wait_set()};
    const auto handle = set->stop_handle();
    set.reset();
    handle.stop();
    handle.wake();
    SUCCEED("still here");
}

TEST_CASE("threads attach and detach while another waits", "[waitset]") {
    auto set = a_wait_set();
    const auto never = set.attach_interval(24h).value();
    std::atomic<int> calls{0};
    std::thread waiting{[&] {
        (void)set.wait_and_process([&](const WaitSetAttachmentId&) {
            ++calls;
            return CallbackProgression::Continue;
        });
    }};
    std::vector<std::thread> others;
    for (int i = 0; i < 2; ++i)
        others.emplace_back([&] {
            for (int k = 0; k < 200; ++k) {
                const Event event;
                event.raise();
                const int before = calls;
                const auto guard = set.attach_notification(event.descriptor()).value();
                const auto tick = set.attach_interval(1h).value();
                while (calls == before) std::this_thread::yield();
            }
        });
    for (auto& other : others) other.join();
    set.stop_handle().stop();
    waiting.join();
    CHECK(set.size() == 1);
}
