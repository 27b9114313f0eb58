// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../src/bare.hpp"
#include "../src/exchange.hpp"
#include "../src/shared_memory.hpp"
#include "../src/statistics.hpp"
#include "../src/two_processes.hpp"
#include "conversation.hpp"
#include "distribution.hpp"
#include "request.hpp"
#include "setting.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace bench {

using Json = nlohmann::ordered_json;

// What the two processes of a contest have in common.
struct Arena {
    MeetingPoint point;
    BareWords bare;
    alignas(separation) Word decided{0};

    // What the first side thinks, in both.
    int agree(Side& side, int opinion) {
        if (side.first()) decided.store(static_cast<std::uint64_t>(opinion));
        side.meet();
        const int result = static_cast<int>(decided.load());
        side.meet();
        return result;
    }
};

// Warms up, and says how many exchanges make a figure in the time allowed: first one, then more and more
// until they take long enough to judge by.
template <class Messenger>
Volume volume_for(Side& side, Arena& arena, const Request& request, Messenger& messenger) {
    constexpr int batches = 10, growth = 4, most = 20'000;
    constexpr double enough_ns = 3e6;
    double each = 0;
    for (int trial = 1, another = 1; another != 0; trial *= growth) {
        each = 2 * one_way(side, {.batches = 1, .exchanges = trial}, messenger);
        another = arena.agree(side, each * trial < enough_ns && trial < most ? 1 : 0);
    }
    const double affordable = request.milliseconds * 1e6 / each / batches;
    return {.batches = batches,
            .exchanges = arena.agree(side, static_cast<int>(std::clamp(affordable, 1.0, double{most})))};
}

// Each exchange by itself. What is added is half of a round trip, with half of what reading the clock takes.
template <class Messenger>
Json distribution(Side& side, const Volume& volume, Messenger& messenger) {
    Distribution times;
    side.meet();
    auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < volume.batches * volume.exchanges; ++i) {
        if (side.first()) messenger.send();
        while (!messenger.receive()) {
        }
        if (!side.first()) {
            messenger.send();
            continue;
        }
        const auto end = std::chrono::steady_clock::now();
        times.add(std::chrono::duration<double, std::nano>(end - begin).count() / 2);
        begin = end;
    }
    return times.steps();
}

template <Waiting waiting, class Peer>
Json exchange(Side& side, Arena& arena, const Request& request, Peer& peer, Numbers& numbers) {
    constexpr Volume for_bare{.batches = 10, .exchanges = 1000};
    Bare& bare = request.bare(arena.bare, side.first());
    Conversation<Peer, waiting> conversation{peer, numbers};
    const Volume volume = volume_for(side, arena, request, conversation);
    Json row{{"waiting", waiting == Waiting::polling ? "polling" : "sleeping"}};
    row["bare_before_ns"] = one_way(side, for_bare, bare);
    row["one_way_ns"] = one_way(side, volume, conversation);
    row["bare_after_ns"] = one_way(side, for_bare, bare);
    row["distribution"] = distribution(side, volume, conversation);
    return row;
}

// One way, from the second side to the first, without loss: from when both begin until all have arrived.
template <Waiting waiting, class Peer>
double flow_ns(Side& side, int messages, Conversation<Peer, waiting>& conversation) {
    side.meet();
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < messages; ++i) {
        if (!side.first()) {
            conversation.send();
        } else {
            while (!conversation.receive()) {
            }
        }
    }
    const double each = nanoseconds_since(begin) / messages;
    side.meet();
    return each;
}

template <Waiting waiting, class Peer>
Json flow(Side& side, Arena& arena, const Request& request, Peer& peer, Numbers& numbers) {
    constexpr Volume for_bare{.batches = 10, .exchanges = 1000};
    constexpr int trial = 200, repetitions = 5, most = 5'000'000;
    Bare& bare = request.bare(arena.bare, side.first());
    Conversation<Peer, waiting> conversation{peer, numbers};
    flow_ns(side, trial, conversation);
    const double guess = flow_ns(side, trial, conversation);
    const int messages =
        arena.agree(side, static_cast<int>(std::clamp(request.milliseconds * 1e6 / repetitions / guess,
                                                      double{trial}, double{most})));
    Json row{{"waiting", waiting == Waiting::polling ? "polling" : "sleeping"}};
    row["bare_before_ns"] = one_way(side, for_bare, bare);
    std::vector<double> figures;
    for (int i = 0; i < repetitions; ++i) figures.push_back(flow_ns(side, messages, conversation));
    row["each_ns"] = median(figures);
    row["bare_after_ns"] = one_way(side, for_bare, bare);
    return row;
}

template <class Peer>
void compete(Side& side, Arena& arena, const Request& request, Peer& peer, Json& rows) {
    // The library's own threads go where the scheduler puts them; only who measures is pinned.
    request.unpinned([&] { peer.join(side.first()); });
    Numbers numbers;
    side.meet();
    const auto add = [&](Json row) {
        row["payload"] = request.payload;
        rows.push_back(std::move(row));
    };
    if (request.purpose == Purpose::exchange) {
        add(exchange<Waiting::polling>(side, arena, request, peer, numbers));
        add(exchange<Waiting::sleeping>(side, arena, request, peer, numbers));
    } else {
        add(flow<Waiting::polling>(side, arena, request, peer, numbers));
        add(flow<Waiting::sleeping>(side, arena, request, peer, numbers));
    }
    side.meet();  // neither goes while the other still measures
    if constexpr (requires { peer.leave(); }) peer.leave();
}

template <class Peer>
void hold_contest(const Request& request, Json& rows) {
    Peer peer{request.setting()};
    constexpr std::size_t room = 1 << 16;
    SharedMemory memory{room};
    auto& arena = memory.make<Arena>();
    in_two_processes(request.cores, arena.point,
                     [&](Side& side) { compete(side, arena, request, peer, rows); });
}

// The whole program. A contestant is a class with
//   name, how          what it is, and how it is used: for the table
//   largest            the largest payload that it carries with such settings
//   Peer(Setting)      before there are two processes: servers, descriptors
//   join(first)        in each of the two; returns when the other one can be reached
//   send(number)       a payload that says this number
//   receive(number)    takes the next message, which must say this number; false if there is none yet
//   wait(number)       likewise, but sleeps until there is one
// and, where that is needed,
//   flows              false: with many messages under way some would be lost
//   leave()            in each of the two: so that nothing stays behind in the system
template <class Peer>
int contest(int argc, char** argv) {
    Contestant contestant{Peer::name, Peer::how, Peer::largest};
    if constexpr (requires { Peer::flows; }) contestant.flows = Peer::flows;
    return run(argc, argv, contestant, hold_contest<Peer>);
}

}  // namespace bench
