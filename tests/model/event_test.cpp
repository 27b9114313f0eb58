// SPDX-License-Identifier: Apache-2.0

// The event connection under every interleaving within the bounds; and without one of its rules, which has to
// be found.
#include "event_world.hpp"
#include "exploring.hpp"
#include "wrong_events.hpp"
#include "wrong_orders.hpp"

#include <functional>

namespace {

using model::EventSettings;
using model::EventWorld;

template <class Atomics = model::ModelAtomics<>>
model::Exploration explore_events(const EventSettings& settings, const model::Bounds& bounds = {}) {
    EventWorld<Atomics> world(settings);
    return model::explore(std::ref(world), bounds);
}

constexpr model::Bounds few{.preemptions = 3, .stale_reads = 2};

// Two more than the listener knows, so that it looks everywhere and is ahead of the news of a third; then
// news whose value it can take for that of another.
const EventSettings overtaken{.max_id = 2, .group_shift = 6, .notifications = {2, 1, 0, 2}, .looks = 2};
const EventSettings overtaken_twice{
    .max_id = 2, .group_shift = 6, .notifications = {1, 1, 0, 2, 2}, .looks = 2};

}  // namespace

TEST_CASE("Every notification is told once: one id") {
    require_kept(explore_events({.max_id = 0, .notifications = {0, 0, 0}, .looks = 3}));
}

TEST_CASE("Every notification is told once: two ids") {
    require_kept(explore_events({.max_id = 1, .notifications = {0, 1, 0}, .looks = 2}));
    require_kept(explore_events(overtaken, {.preemptions = 4, .stale_reads = 2}));
    require_kept(explore_events(overtaken_twice, {.preemptions = 4, .stale_reads = 2}));
}

TEST_CASE("Every notification is told once: groups") {
    require_kept(explore_events({.notifications = {0, 3, 1}, .looks = 2}, {.preemptions = 5}));
}

TEST_CASE("Every notification is told once: groups of groups") {
    require_kept(explore_events({.max_id = 7, .notifications = {0, 7, 6}, .looks = 2}, few));
}

TEST_CASE("Every notification is told once: two threads of one listener") {
    require_kept(explore_events({.max_id = 0, .notifications = {0, 0}, .listeners = 2, .looks = 2}, few));
    require_kept(explore_events({.max_id = 1, .notifications = {0, 1, 0}, .listeners = 2, .looks = 1}, few));
    require_kept(explore_events({.notifications = {0, 3, 1}, .listeners = 2, .looks = 1}, few));
}

TEST_CASE("Every notification is told once: one occurrence at a time") {
    require_kept(
        explore_events({.max_id = 1, .notifications = {0, 1, 0}, .looks = 3, .one_by_one = true}, few));
    require_kept(explore_events({.notifications = {0, 3, 0}, .listeners = 2, .looks = 2, .one_by_one = true},
                                {.preemptions = 2, .stale_reads = 2}));
}

TEST_CASE("Every notification is told once: to listeners that ask whether there is something") {
    require_kept(explore_events(
        {.max_id = 1, .notifications = {0, 1, 0}, .looks = 3, .one_by_one = true, .ask_first = true}, few));
    require_kept(
        explore_events({.notifications = {0, 3}, .listeners = 2, .looks = 1, .ask_first = true}, few));
}

TEST_CASE("Every notification is told once: by chance, further than everything can be looked at") {
    EventWorld<> world({.max_id = 7, .notifications = {0, 7, 6, 0, 1, 7, 0, 0}, .listeners = 3, .looks = 4});
    auto const result = model::wander(std::ref(world), {}, 20'000, 1);
    INFO(result.violation);
    REQUIRE(result.violation.empty());
}

TEST_CASE("A notifier dies at any step: what it had notified is told") {
    require_kept(explore_events({.notifications = {0, 3, 0}, .looks = 2, .mortal_notifier = true},
                                {.preemptions = 4, .stale_reads = 2, .deaths = 1}));
    require_kept(explore_events(
        {.max_id = 1, .notifications = {0, 1}, .listeners = 2, .looks = 1, .mortal_notifier = true},
        {.preemptions = 3, .stale_reads = 2, .deaths = 1}));
}

TEST_CASE("A thread that stops in the middle of a look hinders nobody") {
    require_kept(
        explore_events({.notifications = {0, 3}, .listeners = 2, .looks = 1, .mortal_listeners = true},
                       {.preemptions = 3, .stale_reads = 1, .deaths = 1}));
    require_kept(explore_events({.notifications = {0, 3},
                                 .listeners = 2,
                                 .looks = 1,
                                 .mortal_notifier = true,
                                 .mortal_listeners = true},
                                {.preemptions = 2, .stale_reads = 1, .deaths = 2}));
}

TEST_CASE("Found: counters and news that release nothing") {
    require_broken(explore_events<model::ModelAtomics<model::RelaxedStores>>(
        {.max_id = 1, .notifications = {0, 1}, .looks = 1}));
}

TEST_CASE("Found: a listener that acquires nothing") {
    require_broken(explore_events<model::ModelAtomics<model::RelaxedLoads>>(
        {.max_id = 1, .notifications = {0, 1}, .looks = 1}));
}

TEST_CASE("Found: claims that hand nothing on") {
    require_broken(explore_events<model::ModelAtomics<model::RelaxedExchanges>>(
        {.max_id = 0, .notifications = {0, 0}, .listeners = 2, .looks = 2}, few));
}

TEST_CASE("Found: claims without compare-and-swap") {
    require_broken(explore_events<model::ClaimWithoutExchange>(
        {.max_id = 0, .notifications = {0, 0}, .listeners = 2, .looks = 1}, few));
}

TEST_CASE("Found: a value that does not say to which news it belongs") {
    require_broken(explore_events<model::WithRules<model::NoTag>>(overtaken, {.preemptions = 4}));
}

TEST_CASE("Found: news that is not looked at again") {
    require_broken(
        explore_events<model::WithRules<model::NoSecondLook>>(overtaken_twice, {.preemptions = 4}));
}

TEST_CASE("Found: news before what it is about") {
    require_broken(explore_events<model::WithRules<model::NewsFirst>>(
        {.max_id = 1, .notifications = {0, 1}, .looks = 1}));
}

TEST_CASE("Found: a group that counts before its ids") {
    model::GroupsFirst::ids = ipc::layout::event_connection(3, 1).levels[0].offset;
    require_broken(explore_events<model::WithRules<model::GroupsFirst>>(
        {.notifications = {3, 3, 0, 0}, .looks = 2}, {.preemptions = 4}));
}

TEST_CASE("Found: a group that is remembered as it is after the look") {
    EventWorld<model::RememberedAfter> world({.notifications = {1, 1, 0, 0}, .looks = 2});
    auto const& connection = world.connection();
    model::RememberedAfter::group = world.segment() + connection.levels[1].offset;
    require_broken(model::explore(std::ref(world), {.preemptions = 4, .stale_reads = 0}));
}
