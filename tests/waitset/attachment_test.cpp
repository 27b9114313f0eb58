// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "waiting_set.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <set>
#include <sstream>
#include <unordered_map>
#include <utility>

using namespace waitset;
using AttachError = ipc::WaitSetAttachmentError;

TEST_CASE("a descriptor is called back for as long as it is ready", "[waitset]") {
    auto set = a_wait_set();
    const Event event;
    const auto guard = set.attach_notification(event.descriptor()).value();
    CHECK(set.size() == 1);
    CHECK(round_of(set).empty());
    event.raise();
    for (int i = 0; i < 3; ++i) CHECK(round_of(set, patience) == ids({&guard}));
    event.lower();
    CHECK(round_of(set).empty());
}

TEST_CASE("everything that is ready is called back for in one round", "[waitset]") {
    auto set = a_wait_set();
    const std::vector<Event> events(3);
    std::vector<WaitSetGuard> guards;
    for (const Event& event : events) guards.push_back(set.attach_notification(event.descriptor()).value());
    events[0].raise();
    events[2].raise();
    auto called = round_of(set, patience);
    std::sort(called.begin(), called.end());
    CHECK(called == ids({&guards[0], &guards[2]}));
}

TEST_CASE("an id tells what happened to which attachment", "[waitset]") {
    auto set = a_wait_set();
    const Event event;
    const Event other_event;
    const auto guard = set.attach_notification(event.descriptor()).value();
    const auto other = set.attach_deadline(other_event.descriptor(), 1h).value();
    event.raise();
    const auto called = round_of(set, patience);
    REQUIRE(called.size() == 1);
    CHECK(called.front().has_event_from(guard));
    CHECK_FALSE(called.front().has_missed_deadline(guard));
    CHECK_FALSE(called.front().has_event_from(other));
}

TEST_CASE("a program finds its handler in one look-up", "[waitset]") {
    auto set = a_wait_set();
    const std::vector<Event> events(20);
    std::vector<WaitSetGuard> guards;
    std::unordered_map<WaitSetAttachmentId, const Event*> handlers;
    std::set<WaitSetAttachmentId> ordered;
    for (const Event& event : events) {
        guards.push_back(set.attach_deadline(event.descriptor(), 1h).value());
        handlers[WaitSetAttachmentId::from_guard(guards.back())] = &event;
        ordered.insert(WaitSetAttachmentId::from_guard(guards.back()));
        event.raise();
    }
    CHECK(ordered.size() == events.size());
    set.wait_and_process_once([&](const WaitSetAttachmentId& id) {
           handlers.at(id)->lower();
           CHECK(ordered.count(id) == 1);
           return CallbackProgression::Continue;
       })
        .value();
    CHECK(round_of(set).empty());
    std::ostringstream text;
    text << WaitSetAttachmentId::from_guard(guards.front());
    CHECK(text.str().starts_with("attachment "));
}

TEST_CASE("what has no guard any more is not called back for", "[waitset]") {
    auto set = a_wait_set();
    const Event event;
    std::optional guard{set.attach_notification(event.descriptor()).value()};
    const auto interval = set.attach_interval(1h).value();
    event.raise();
    CHECK(round_of(set).size() == 1);
    guard.reset();
    CHECK(set.size() == 1);
    CHECK(round_of(set).empty());
    const auto again = set.attach_notification(event.descriptor()).value();
    CHECK(round_of(set) == ids({&again}));
}

TEST_CASE("a callback detaches what it was called for, and what it would be called for next", "[waitset]") {
    auto set = a_wait_set();
    const std::vector<Event> events(3);
    std::vector<std::optional<WaitSetGuard>> guards;
    for (const Event& event : events) {
        guards.emplace_back(set.attach_notification(event.descriptor()).value());
        event.raise();
    }
    const auto interval = set.attach_interval(1h).value();
    int calls = 0;
    set.wait_and_process_once([&](const WaitSetAttachmentId&) {
           ++calls;
           for (auto& guard : guards) guard.reset();
           return CallbackProgression::Continue;
       })
        .value();
    CHECK(calls == 1);
    CHECK(round_of(set).empty());
}

TEST_CASE("a callback attaches", "[waitset]") {
    auto set = a_wait_set();
    const Event event;
    const Event other;
    const auto guard = set.attach_notification(event.descriptor()).value();
    std::optional<WaitSetGuard> added;
    event.raise();
    other.raise();
    std::vector<WaitSetAttachmentId> called;
    const auto result = set.wait_and_process([&](const WaitSetAttachmentId& id) {
        called.push_back(id);
        if (called.size() == 2) return CallbackProgression::Stop;
        event.lower();
        added.emplace(set.attach_notification(other.descriptor()).value());
        return CallbackProgression::Continue;
    });
    CHECK(result.value() == Result::StopRequest);
    CHECK(called == ids({&guard, &*added}));
}

TEST_CASE("guard and set end in either order, and both may be moved", "[waitset]") {
    const Event event;
    std::optional set{a_wait_set()};
    auto guard = set->attach_notification(event.descriptor()).value();
    ipc::WaitSet moved{std::move(*set)};
    set.reset();
    WaitSetGuard moved_guard{std::move(guard)};
    event.raise();
    CHECK(round_of(moved) == ids({&moved_guard}));
    std::optional last{std::move(moved)};
    last.reset();
    SUCCEED("the guard ends after the set");
}

TEST_CASE("what cannot be attached is told why", "[waitset]") {
    auto set = a_wait_set();
    const Event event;
    const auto guard = set.attach_notification(event.descriptor()).value();
    CHECK(set.attach_notification(event.descriptor()).error() == AttachError::AlreadyAttached);
    CHECK(set.attach_deadline(event.descriptor(), 1s).error() == AttachError::AlreadyAttached);
    CHECK(set.attach_notification(-1).error() == AttachError::InvalidDescriptor);
    CHECK(set.attach_deadline(-1, 1s).error() == AttachError::InvalidDescriptor);
    CHECK(set.attach_notification(set.file_descriptor()).error() == AttachError::InvalidDescriptor);
    const ipc::shm::UniqueFd file{::open("/proc/self/exe", O_RDONLY | O_CLOEXEC)};
    CHECK(set.attach_notification(file.get()).error() == AttachError::InvalidDescriptor);
    CHECK(set.attach_interval(0ns).error() == AttachError::InvalidDuration);
    CHECK(set.attach_interval(-1s).error() == AttachError::InvalidDuration);
    CHECK(set.attach_deadline(event.descriptor(), 0ns).error() == AttachError::InvalidDuration);
    CHECK(set.size() == 1);
    const auto error = set.attach_notification(file.get()).error();
    CHECK(error.message().find(std::to_string(file.get())) != std::string::npos);
}

TEST_CASE("a wait for nothing is an error, not a sleep for ever", "[waitset]") {
    auto set = a_wait_set();
    CHECK(set.wait_and_process(go_on).error() == ipc::WaitSetRunError::NoAttachments);
    CHECK(set.wait_and_process_once(go_on).error() == ipc::WaitSetRunError::NoAttachments);
    CHECK(set.wait_and_process_once_with_timeout(go_on, 1h).error() == ipc::WaitSetRunError::NoAttachments);
}

TEST_CASE("what a callback throws comes through, and the set goes on", "[waitset]") {
    auto set = a_wait_set();
    const std::vector<Event> events(3);
    std::vector<WaitSetGuard> guards;
    for (const Event& event : events) {
        guards.push_back(set.attach_notification(event.descriptor()).value());
        event.raise();
    }
    REQUIRE_THROWS_AS(
        set.wait_and_process([](const WaitSetAttachmentId&) -> CallbackProgression { throw 1; }), int);
    CHECK(round_of(set).size() == 3);
}

TEST_CASE("a descriptor that was closed too early harms no other", "[waitset]") {
    auto set = a_wait_set();
    std::optional<Event> closed{std::in_place};
    const int number = closed->descriptor();
    std::optional guard{set.attach_notification(number).value()};
    closed.reset();
    const Event next;
    REQUIRE(next.descriptor() == number);
    const auto attached = set.attach_notification(number).value();
    guard.reset();
    next.raise();
    CHECK(round_of(set) == ids({&attached}));
}
