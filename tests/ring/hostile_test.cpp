// SPDX-License-Identifier: Apache-2.0

// A peer writes into its mapping whatever it likes. The other side notices or is not harmed; it never
// indexes, loops or returns a chunk twice because of it.
#include "catch.hpp"
#include "connection_fixture.hpp"

#include <limits>
#include <random>

using namespace ring_tests;

namespace {
constexpr auto relaxed = std::memory_order_relaxed;
constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();
}  // namespace

TEST_CASE("A read position beyond what was written is not believed") {
    Ring ring(2, 1);
    ring.send(0);
    ring.send(1);
    ring.segment.word(Connection::read_position)
        .store(GENERATE(std::uint64_t{3}, std::uint64_t{1} << 32, std::uint64_t{1} << 63, largest), relaxed);
    REQUIRE(ring.sender.room() == Room::corrupted);
    REQUIRE(ring.sender.evict_oldest().outcome == Eviction::corrupted);
    REQUIRE_FALSE(ring.sender.collect(ring.give_back()));
    ring.sender.take_back_all(ring.give_back());
    REQUIRE_THAT(ring.returned, Catch::UnorderedEquals(std::vector<ChunkId>{0, 1}));
}

TEST_CASE("A read position that goes back is not believed") {
    Ring ring(2, 2);
    ring.send(0);
    ring.send(1);
    ring.take();
    ring.take();
    REQUIRE(ring.sender.room() == Room::available);
    ring.send(2);
    REQUIRE(ring.sender.collect(ring.give_back()));  // the sender knows position 2 now
    ring.send(3);
    ring.segment.word(Connection::read_position).store(1, relaxed);
    REQUIRE(ring.sender.room() == Room::corrupted);
    REQUIRE(ring.sender.evict_oldest().outcome == Eviction::corrupted);
}

TEST_CASE("A flag ahead of its delivery cuts the connection") {
    Ring ring(2, 2);
    ring.send(0);
    Taken sample;
    ring.take(sample);
    ring.segment.word(Connection::flags + 8U * sample.descriptor.ticket)
        .store(GENERATE(std::uint64_t{2}, std::uint64_t{1} << 63, largest), relaxed);
    REQUIRE_FALSE(ring.sender.collect(ring.give_back()));
    REQUIRE(ring.returned.empty());
}

TEST_CASE("A flag for something that was not taken does not return it") {
    Ring ring(2, 2);
    ring.send(7);
    for (std::uint64_t ticket = 0; ticket < ring.connection.ticket_count; ++ticket)
        ring.segment.word(Connection::flags + 8 * ticket).store(1, relaxed);
    REQUIRE(ring.sender.collect(ring.give_back()));
    REQUIRE(ring.returned.empty());
}

TEST_CASE("A receiver that returns nothing runs out of tickets, and is cut") {
    Ring ring(2, 1);
    for (ChunkId chunk = 0; chunk < 3; ++chunk) {
        REQUIRE(ring.send(chunk));
        ring.take();
    }
    REQUIRE(ring.sender.room() == Room::available);
    REQUIRE_FALSE(ring.sender.ticket_ready(ring.give_back()));
    ring.sender.take_back_all(ring.give_back());
    REQUIRE_THAT(ring.returned, Catch::UnorderedEquals(std::vector<ChunkId>{0, 1, 2}));
}

TEST_CASE("A publication word that is of no lap is not believed") {
    Ring ring(4, 1);
    ring.segment.word(ring.slot(0) + Slot::publication)
        .store(
            GENERATE(std::uint64_t{2}, std::uint64_t{4}, std::uint64_t{6}, std::uint64_t{1} << 63, largest),
            relaxed);
    REQUIRE(ring.receiver.has_data());
    REQUIRE(ring.take() == Outcome::corrupted);
}

TEST_CASE("A publication word that goes back is not believed") {
    Ring ring(2, 1);
    ring.send(0);
    ring.take();
    ring.send(1);
    ring.take();
    ring.segment.word(ring.slot(2) + Slot::publication).store(0, relaxed);
    REQUIRE(ring.take() == Outcome::corrupted);
}

TEST_CASE("A later lap without a read position that moved is not believed") {
    Ring ring(2, 1);
    ring.segment.word(ring.slot(0) + Slot::publication).store(1 + 2 * 5, relaxed);
    REQUIRE(ring.take() == Outcome::corrupted);
}

TEST_CASE("A read position that jumped where nothing was published is not believed") {
    Ring ring(2, 1);
    ring.send(0);
    ring.segment.word(Connection::read_position)
        .store(GENERATE(std::uint64_t{2}, std::uint64_t{100}, std::uint64_t{1} << 63, largest), relaxed);
    REQUIRE(ring.take() == Outcome::corrupted);
}

TEST_CASE("A ticket that does not exist is not used") {
    Ring ring(2, 1);
    ring.send(0);
    std::uint16_t const ticket = GENERATE(std::uint16_t{3}, std::uint16_t{65535});
    ring.segment.word(ring.slot(0) + Slot::descriptor)
        .store(ipc::layout::Descriptor{.ticket = ticket}.pack(), relaxed);
    REQUIRE(ring.take() == Outcome::corrupted);
}

TEST_CASE("Garbage in every word of the segment: calls return, and every chunk comes back once") {
    std::mt19937_64 random(20240501);
    for (int round = 0; round < 2000; ++round) {
        Ring ring(3, 2);
        std::vector<int> out(64, 0);
        ChunkId next = 0;
        for (int step = 0; step < 40; ++step) {
            std::uint64_t const offset = random() % (ring.connection.size / 8) * 8;
            if (random() % 3 == 0)
                ring.segment.word(offset).store(random() % 4 == 0 ? random() : random() % 16, relaxed);
            if (random() % 2 == 0) {
                std::uint64_t block[5];
                Taken sample;
                if (ring.receiver.try_take(sample, block, 5) == Outcome::taken &&
                    !sample.descriptor.in_slot && random() % 2 == 0)
                    ring.receiver.release(sample.position, sample.descriptor.ticket);
                continue;
            }
            Room const room = ring.sender.room();
            if (room == Room::corrupted) break;
            if (room == Room::full) {
                auto const evicted = ring.sender.evict_oldest();
                if (evicted.outcome == Eviction::corrupted) break;
                if (evicted.outcome == Eviction::held) continue;
                if (evicted.chunk != ipc::ring::no_chunk) ring.returned.push_back(evicted.chunk);
            }
            if (!ring.sender.ticket_ready(ring.give_back())) break;
            out[next] = 1;
            ring.sender.publish_by_reference(next + 1, 0, next, next);
            ++next;
        }
        ring.sender.take_back_all(ring.give_back());
        for (ChunkId chunk : ring.returned) --out.at(chunk);
        for (int balance : out) REQUIRE(balance == 0);
    }
}
