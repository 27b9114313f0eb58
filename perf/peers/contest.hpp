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

// Warms up, and returns what one takes, in nanoseconds: the last of trials that grow from `first`. Each is a
// median of what `each_of(repetitions, size)` measures, and lasts as long as that says: so a core that was
// taken away for a moment neither ends this nor decides what comes of it. The very first ones tell little: a
// library's threads are still looking for a core.
template <class Measure>
double warm_up(Side& side, Arena& arena, int first, Measure&& each_of) {
    constexpr int repetitions = 5, growth = 2, trials = 4;
    constexpr double enough_ns = 10e6, too_much_ns = 100e6;
    double each = 0, warm_ns = 0;
    for (int size = first, trial = 1, another = 1; another != 0; size *= growth, ++trial) {
        each = each_of(repetitions, size);
        warm_ns += each * repetitions * size;
        another = arena.agree(side, warm_ns < (trial < trials ? too_much_ns : enough_ns) ? 1 : 0);
    }
    return each;
}

// How many exchanges fill the time allowed; a few even where one takes longer than that.
template <class Messenger>
Volume volume_for(Side& side, Arena& arena, const Request& request, Messenger& messenger) {
    constexpr double batches = 10, least = 3, most = 200'000;
    const double each = warm_up(side, arena, 1, [&](int repetitions, int size) {
        return 2 * one_way(side, {.batches = repetitions, .exchanges = size}, messenger);
    });
    const double affordable = std::clamp(request.milliseconds * 1e6 / each, least, most);
    return {.batches = arena.agree(side, static_cast<int>(std::min(affordable, batches))),
            .exchanges = arena.agree(side, static_cast<int>(std::max(affordable / batches, 1.0)))};
}

// Each exchange by itself. What is added is half of a round trip, with half of what reading the clock takes.
template <class Messenger>
Json distribution(Side& side, const Volume& volume, Messenger& messenger) {
    Distribution times;
    side.meet();
    auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < volume.total(); ++i) {
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
    row["exchanges"] = volume.total();
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
    constexpr int trial = 50, repetitions = 5, least = 200, most = 5'000'000;
    Bare& bare = request.bare(arena.bare, side.first());
    Conversation<Peer, waiting> conversation{peer, numbers};
    const auto each_of = [&](int times, int messages) {
        std::vector<double> figures;
        for (int i = 0; i < times; ++i) figures.push_back(flow_ns(side, messages, conversation));
        return median(figures);
    };
    const double guess = warm_up(side, arena, trial, each_of);
    const int messages =
        arena.agree(side, static_cast<int>(std::clamp(request.milliseconds * 1e6 / repetitions / guess,
                                                      double{least}, double{most})));
    Json row{{"waiting", waiting == Waiting::polling ? "polling" : "sleeping"}};
    row["bare_before_ns"] = one_way(side, for_bare, bare);
    row["each_ns"] = each_of(repetitions, messages);
    row["bare_after_ns"] = one_way(side, for_bare, bare);
    row["messages"] = repetitions * messages;
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
