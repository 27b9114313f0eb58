// SPDX-License-Identifier: Apache-2.0
// Liars in every role, beside an honest pair that verifies every byte.
#include "catch.hpp"
#include "hostile/honest_pair.hpp"
#include "hostile/liar.hpp"

#include <unistd.h>

#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>
#include <vector>

using namespace hostile;

namespace {

// Fresh each time, unless one is to be seen again. Which processor was how fast has a part in it, too.
std::uint64_t seed() {
    const char* given = std::getenv("HOSTILE_SEED");
    return given != nullptr ? std::stoull(given) : std::random_device{}();
}

struct Role {
    const char* name;
    std::string kind;  // of service
    wire::PortSettings port;
    bool sends;           // such as the honest receiver cannot tell from what the honest sender sent
    bool is_read = true;  // by the honest: a notifier believes itself, and looks at nothing but wake words
};

std::vector<Role> roles() {
    const wire::PublisherSettings publisher{.max_loaned_samples = 2};
    const wire::PublisherSettings slices{.max_loaned_samples = 2, .max_slice_len = most_words};
    const wire::ServerSettings server{.max_loaned_responses_per_request = 2};
    return {{"a publisher of chunks", "chunks", publisher, true},
            {"a subscriber to chunks", "chunks", wire::SubscriberSettings{}, false},
            {"a publisher of slots", "slots", publisher, true},
            {"a subscriber to slots", "slots", wire::SubscriberSettings{}, false},
            {"a publisher of slices", "slices", slices, true},
            {"a subscriber to slices", "slices", wire::SubscriberSettings{}, false},
            {"a notifier", "events", wire::NotifierSettings{}, true},
            {"a listener", "events", wire::ListenerSettings{}, false, false},
            {"a client with chunks", "large requests", wire::ClientSettings{}, true},
            {"a server with chunks", "large requests", server, false},
            {"a client with slots", "requests", wire::ClientSettings{}, true},
            {"a server with slots", "requests", server, false}};
}

void let_lie(const Role& role, std::uint64_t crimes_at_least) {
    const std::uint64_t first_seed = seed();
    INFO(role.name << ", HOSTILE_SEED=" << first_seed);
    HonestPair pair{role.kind};
    pair.go_on();
    Crimes crimes;
    Random random{first_seed};
    std::optional<Liar> liar;
    while (crimes.committed < crimes_at_least) {
        // Now and then a new session; else another port of the same one.
        if (!liar || below(random, 16) == 0)
            liar.emplace(pair.broker.socket(), opening(role.kind), random(), crimes);
        liar->begin(role.port);
        // Some lies come one by one, some at once; and before it goes, it may be found out.
        const std::uint64_t in_a_row = 1 + below(random, 16);
        for (std::uint64_t steps = 8 + below(random, 128); steps != 0 && !liar->is_cut_off(); --steps) {
            liar->step();
            if (steps % in_a_row == 0) liar->pause();
        }
        liar->drop_port();
    }
    pair.go_on();

    RawClient observer{pair.broker.socket()};
    observer.hello("observer", true);
    const auto status = observer.query("status");
    liar.reset();
    pair.end(!role.sends);
    std::printf("%-22s %7" PRIu64 " lies of %3zu kinds in %2zu places, %8" PRIu64 " moves, %5" PRIu64
                " connections, %5" PRIu64 " cut; honest: %8" PRIu64 " verified, 0 violations (seed %" PRIu64
                ")\n",
                role.name, crimes.committed, crimes.kinds.size(), crimes.places.size(), crimes.moves,
                crimes.connections, crimes.cut, pair.verified, first_seed);

    // Who is not believed is cut, and it shows: in the degradation handlers, and in what the broker answers.
    CHECK((crimes.cut > 0) == role.is_read);
    CHECK(pair.cut >= crimes.cut);
    CHECK(status["cut"].empty() == !role.is_read);
    for (const auto& cut : status["cut"]) {
        CHECK(cut["service"] == "service");
        CHECK(cut["peer_pid"] == ::getpid());
        CHECK(cut["by_pid"] != ::getpid());
    }
    CHECK(status["ended"].empty());
}

}  // namespace

TEST_CASE("whoever scribbles over all it may write, in any role, is cut off and hurts nobody", "[scribble]") {
    for (const Role& role : roles()) let_lie(role, 700);
}

TEST_CASE("whoever scribbles for a long time, in any role, is cut off and hurts nobody",
          "[scribble][.long]") {
    for (const Role& role : roles()) let_lie(role, 10'000);
}
