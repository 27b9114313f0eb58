// SPDX-License-Identifier: Apache-2.0
// Both halves of an event connection, in memory that a peer scribbles into between any two calls.
#include "fuzz/target.hpp"
#include "ring/event_fixture.hpp"

#include <array>

using namespace ring_tests;

FUZZ_TARGET(events) {
    fuzz::Bytes bytes{input};
    // One level of counters, two and three.
    const std::uint64_t max_id = std::array<std::uint64_t, 4>{3, 100, 4095, 5000}[bytes.byte() % 4U];
    Events events{max_id};
    std::uint64_t told = 0;
    bool fine = true;
    const auto hear = [&](std::uint64_t id, std::uint64_t count) {
        fuzz::check(id <= max_id, "an id that the service has not");
        fuzz::check(count != 0, "an event that did not happen");
        ++told;
    };
    while (!bytes.empty() && fine) {
        told = 0;
        switch (bytes.byte() % 6U) {
            case 0:
                events.forge(bytes.number(2) % (events.connection.size / 8) * 8, bytes.byte());
                break;
            case 1:
                events.forge(bytes.number(2) % (events.connection.size / 8) * 8, bytes.number(8));
                break;
            case 2:
                events.notifier.notify(bytes.number(2) % (max_id + 1));
                break;
            case 3:
                fine = events.listener.collect(hear) != EventOutcome::corrupted;
                fuzz::check(told <= max_id + 1, "an id that was told twice");
                break;
            case 4:
                fine = events.listener.collect_one(hear) != EventOutcome::corrupted;
                fuzz::check(told <= 1, "more than one was told");
                break;
            default:
                static_cast<void>(events.listener.has_data());
                static_cast<void>(events.listener.has_unclaimed());
        }
    }
}
