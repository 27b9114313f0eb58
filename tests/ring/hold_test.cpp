// SPDX-License-Identifier: Apache-2.0

// A receiver that loses race after race asks the sender to pause; the sender does, for a while.
#include "catch.hpp"
#include "connection_fixture.hpp"

#include <functional>

using namespace ring_tests;

namespace {

// Somebody is faster: something happens just before each compare-and-swap.
struct Overtaken : ipc::ring::StdAtomics {
    static inline std::function<void()> meanwhile;

    struct Raced {
        Word& word;
        std::uint64_t load(std::memory_order order) const { return word.load(order); }
        void store(std::uint64_t value, std::memory_order order) const { word.store(value, order); }
        std::uint64_t fetch_add(std::uint64_t value, std::memory_order order) const {
            return word.fetch_add(value, order);
        }
        bool compare_exchange_strong(std::uint64_t& expected, std::uint64_t desired,
                                     std::memory_order success, std::memory_order failure) const {
            if (meanwhile) meanwhile();
            return word.compare_exchange_strong(expected, desired, success, failure);
        }
    };
    static Raced word(std::byte* segment, std::uint64_t offset) {
        return {ipc::ring::StdAtomics::word(segment, offset)};
    }
};

struct Race : Ring {
    ipc::ring::DeliveryReceiver<Overtaken> slow{segment.data(), connection};
    int overtakings = 0;

    Race() : Ring(2, 1) {
        send(0);
        send(1);
    }
    ~Race() { Overtaken::meanwhile = nullptr; }

    void overtake() {
        ++overtakings;
        REQUIRE(sender.room() == Room::full);
        REQUIRE(sender.evict_oldest().outcome == Eviction::evicted);
        REQUIRE(send(2));
    }
    auto lose() {
        Overtaken::meanwhile = [this] { overtake(); };
        Taken sample;
        auto const outcome = slow.try_take(sample, nullptr, 0);
        Overtaken::meanwhile = nullptr;
        return outcome;
    }
    bool raised() { return segment.word(Connection::hold).load(std::memory_order_relaxed) != 0; }
};
using Slow = ipc::ring::DeliveryReceiver<Overtaken>;

}  // namespace

TEST_CASE("A receiver gives up after eight lost races and asks for a pause") {
    Race race;
    REQUIRE(race.lose() == Slow::Outcome::busy);
    REQUIRE(race.overtakings == 8);
    REQUIRE(race.raised());
}

TEST_CASE("A sender that is asked to pause drops the new sample, as often as its ring is long") {
    Race race;
    race.lose();
    for (int i = 0; i < 2; ++i) REQUIRE(race.sender.evict_oldest().outcome == Eviction::held);
    REQUIRE(race.sender.evict_oldest().outcome == Eviction::evicted);
    race.send(3);
    SECTION("and does not heed the same request again") {
        REQUIRE(race.sender.evict_oldest().outcome == Eviction::evicted);
    }
    SECTION("but heeds the next one") {
        REQUIRE(race.lose() == Slow::Outcome::busy);
        REQUIRE(race.sender.evict_oldest().outcome == Eviction::held);
    }
}

TEST_CASE("A receiver that got something no longer asks for a pause") {
    Race race;
    race.lose();
    Taken sample;
    REQUIRE(race.slow.try_take(sample, nullptr, 0) == Slow::Outcome::taken);
    REQUIRE_FALSE(race.raised());
}

TEST_CASE("A pause is not made when there is room") {
    Race race;
    race.lose();
    Taken sample;
    REQUIRE(race.slow.try_take(sample, nullptr, 0) == Slow::Outcome::taken);
    race.segment.word(Connection::hold).store(77, std::memory_order_relaxed);
    REQUIRE(race.sender.evict_oldest().outcome == Eviction::moved_on);
}
