// SPDX-License-Identifier: Apache-2.0
// Death at every step.
#include "crash/steps.hpp"

#include "catch.hpp"
#include "crash/events.hpp"
#include "crash/requests.hpp"
#include "crash/samples.hpp"
#include "crash/sweep.hpp"
#include "harness/not_tried.hpp"

#include <chrono>
#include <memory>
#include <vector>

using namespace crash;

namespace {

template <class Payload>
Sweep::Cast samples(const SampleCast& cast) {
    return [cast](const std::string& socket) {
        return std::make_unique<SampleSurvivors<Payload>>(socket, cast);
    };
}

Sweep::Cast events(const EventCast& cast) {
    return [cast](const std::string& socket) { return std::make_unique<EventSurvivors>(socket, cast); };
}

template <class Payload = Large>
Sweep::Cast requests(const RequestCast& cast) {
    return [cast](const std::string& socket) {
        return std::make_unique<RequestSurvivors<Payload>>(socket, cast);
    };
}

void every_step(const char* title, const Sweep::Cast& cast, const Operations& operations) {
    if (!steps_can_be_counted()) {
        harness::not_tried("steps cannot be counted on this machine");
        return;
    }
    Sweep sweep{title, cast};
    sweep.every_step(operations);
    CHECK(sweep.violations() == 0);
}

// Two that deal with each other, each of whom may go first.
struct Pairs {
    const char* title;
    Sweep::Cast cast;
    Operations some;
    Operations others;
    std::chrono::nanoseconds creation_bound{std::chrono::minutes{1}};
};

std::vector<Pairs> all_pairs() {
    using namespace std::chrono_literals;
    const Operations publishing{"loan", "send", "overflow", "drop_publisher"};
    const Operations subscribing{"receive", "release", "receive_all", "receive_asleep", "drop_subscriber"};
    const Operations asking{"request", "receive_response", "release_response", "drop_pending_response",
                            "drop_client"};
    const Operations answering{"receive_request", "respond", "respond_and_overflow", "end_request",
                               "drop_server"};
    return {
        {"publisher and subscriber", samples<Large>({}), publishing, subscribing},
        {"publisher and subscriber, with a history", samples<Large>({.subscribers = 3, .history = 1}),
         publishing, subscribing},
        {"publisher and subscriber of small samples",
         samples<Small>({}),
         {"send_in_slot", "overflow_in_slot"},
         {"receive_from_slot", "release_of_slot"}},
        {"publisher and subscriber that meet",
         samples<Large>({}),
         {"create_publisher"},
         {"create_subscriber"},
         2ms},
        {"publisher that grows and subscriber",
         samples<Words>({.grows = true}),
         {"grow", "send_grown"},
         {"receive_grown", "release_grown"},
         2ms},
        {"notifier and listener",
         events({}),
         {"notify", "drop_notifier"},
         {"listen", "listen_asleep", "drop_listener"}},
        {"notifier and listener that meet", events({}), {"create_notifier"}, {"create_listener"}, 2ms},
        {"client and server", requests({}), asking, answering},
        {"client and server that grow",
         requests<Words>({}),
         {"grow_by_request", "drop_grown_client"},
         {"grow_by_response", "drop_grown_server"},
         2ms},
        {"client and server that meet", requests({}), {"create_client"}, {"create_server"}, 2ms},
    };
}

template <class Sweeping>
void each_pair(Sweeping sweeping) {
    if (!steps_can_be_counted()) {
        harness::not_tried("steps cannot be counted on this machine");
        return;
    }
    for (const Pairs& pairs : all_pairs()) {
        Sweep sweep{pairs.title, pairs.cast};
        sweep.set_creation_bound(pairs.creation_bound);
        sweeping(sweep, pairs);
        CHECK(sweep.violations() == 0);
    }
}

}  // namespace

TEST_CASE("a publisher that dies at any step hurts nobody", "[steps]") {
    every_step("publishers", samples<Large>({}), {"loan", "send", "overflow"});
    every_step("publishers of small samples", samples<Small>({}), {"send_in_slot", "overflow_in_slot"});
    every_step("publishers with a history", samples<Large>({.history = 2}), {"send", "overflow"});
    every_step("publishers beside a sleeper", samples<Large>({.sleeps = true}), {"send"});
    every_step("publishers that wait for room", samples<Large>({.overflow = false}), {"send_and_wait"});
}

// The only subscriber: what it took with it, its publisher would miss at once.
TEST_CASE("a subscriber that dies at any step hurts nobody", "[steps]") {
    const SampleCast cast{.publishers = 1, .subscribers = 1, .subscribes = false};
    every_step("subscribers", samples<Large>(cast), {"receive", "release", "receive_all", "receive_asleep"});
    every_step("subscribers of small samples", samples<Small>(cast),
               {"receive_from_slot", "release_of_slot"});
    SampleCast with_history = cast;
    with_history.history = 2;
    every_step("subscribers with a history", samples<Large>(with_history),
               {"receive", "release", "receive_all"});
}

TEST_CASE("who dies at any step of growing, or of taking what has grown, hurts nobody", "[steps]") {
    every_step("publishers that grow", samples<Words>({}),
               {"grow", "send_grown", "shrink", "drop_grown_publisher"});
    every_step("publishers with a history that grow", samples<Words>({.history = 1}), {"grow", "send_grown"});
    every_step("subscribers of publishers that grow", samples<Words>({.publishers = 1, .grows = true}),
               {"receive_grown", "release_grown", "drop_subscriber_of_grown"});
    every_step("subscribers that join what has grown",
               samples<Words>({.publishers = 1, .subscribers = 3, .history = 1}),
               {"create_subscriber_of_grown"});
    every_step("clients that grow", requests<Words>({.clients = 1, .servers = 1, .asks = false}),
               {"grow_by_request", "shrink_client", "drop_grown_client"});
    every_step("servers that grow", requests<Words>({.clients = 1, .servers = 1, .answers = false}),
               {"grow_by_response", "shrink_server", "drop_grown_server"});
}

TEST_CASE("a notifier or listener that dies at any step hurts nobody", "[steps]") {
    every_step("notifiers and listeners", events({}), {"notify", "listen", "listen_asleep"});
    every_step("notifiers beside a sleeper", events({.sleeps = true}), {"notify"});
}

TEST_CASE("a client that dies at any step hurts nobody", "[steps]") {
    every_step("clients", requests({.clients = 1, .servers = 1, .asks = false}),
               {"request", "receive_response", "release_response", "drop_pending_response"});
}

TEST_CASE("a server that dies at any step hurts nobody", "[steps]") {
    every_step("servers", requests({.clients = 1, .servers = 1, .answers = false}),
               {"receive_request", "respond", "respond_and_overflow", "end_request"});
}

TEST_CASE("who dies at any step of coming or going hurts nobody", "[steps]") {
    every_step("nodes and services", samples<Large>({}),
               {"create_node", "create_service", "open_service", "drop_service", "drop_node"});
    every_step("publishers and subscribers that come and go",
               samples<Large>({.subscribers = 3, .history = 1}),
               {"create_publisher", "create_subscriber", "drop_publisher", "drop_subscriber",
                "subscriber_descriptor"});
    every_step("publishers and subscribers that others come to",
               samples<Large>({.publishers = 3, .subscribers = 3, .newcomers = true}),
               {"take_up_publisher", "take_up_subscriber"});
    every_step("notifiers and listeners that come and go", events({}),
               {"create_notifier", "create_listener", "drop_notifier", "drop_listener"});
    every_step("clients and servers that come and go", requests({}),
               {"create_client", "create_server", "drop_client", "drop_server"});
}

TEST_CASE("two that die at some steps of theirs hurt nobody", "[pairs]") {
    each_pair([](Sweep& sweep, const Pairs& pairs) {
        sweep.some_pairs(pairs.some, pairs.others, 3);
        sweep.some_pairs(pairs.others, pairs.some, 3);
    });
}

TEST_CASE("two that die at any pair of steps hurt nobody", "[.long]") {
    each_pair([](Sweep& sweep, const Pairs& pairs) {
        sweep.every_pair(pairs.some, pairs.others);
        sweep.every_pair(pairs.others, pairs.some);
    });
}
