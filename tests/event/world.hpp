// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "harness/actor.hpp"
#include "harness/world.hpp"

#include <ipc/ipc.hpp>

#include <chrono>
#include <cstdint>
#include <map>

namespace event {

using namespace std::chrono_literals;
using harness::node_at;
using harness::patience;
using harness::World;
using ipc::EventActivation;
using ipc::EventId;

// How often each event happened.
using Tally = std::map<std::uint64_t, std::uint64_t>;

// All that happened since, without waiting.
inline Tally heard(ipc::Listener& listener) {
    Tally tally;
    listener.try_wait([&](EventActivation e) { tally[e.id().value()] += e.count(); }).value();
    return tally;
}

// Waits until this much happened in all; throws where it does not.
inline Tally heard(ipc::Listener& listener, std::uint64_t notifications) {
    Tally tally;
    std::uint64_t total = 0;
    const auto add = [&](EventActivation e) {
        tally[e.id().value()] += e.count();
        total += e.count();
    };
    while (total < notifications)
        if (listener.timed_wait(add, patience).value() == 0) throw ipc::Failure{"nothing happened"};
    return tally;
}

}  // namespace event
