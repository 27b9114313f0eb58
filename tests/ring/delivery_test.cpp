// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "connection_fixture.hpp"
#include "layout/limits.hpp"

#include <algorithm>
#include <array>
#include <numeric>

using namespace ring_tests;

TEST_CASE("A delivery arrives as it was sent") {
    Ring ring(2, 1);
    REQUIRE_FALSE(ring.receiver.has_data());
    REQUIRE(ring.take() == Outcome::empty);

    ring.sender.publish_by_reference(7, 3, 1234, 5);
    REQUIRE(ring.receiver.has_data());
    Taken sample;
    REQUIRE(ring.take(sample) == Outcome::taken);
    REQUIRE(sample.sequence == 7);
    REQUIRE(sample.descriptor.segment == 3);
    REQUIRE(sample.descriptor.offset == 1234);
    REQUIRE_FALSE(sample.descriptor.in_slot);
    REQUIRE_FALSE(ring.receiver.has_data());
    REQUIRE(ring.take() == Outcome::empty);
}

TEST_CASE("A block travels in a slot of either size, as far as it fits") {
    auto const [slot, room] = GENERATE(std::pair<std::uint64_t, std::size_t>{64, 5},
                                       std::pair<std::uint64_t, std::size_t>{128, 13});
    Ring ring(2, 0, slot);
    std::array<std::uint64_t, 20> sent{};
    std::iota(sent.begin(), sent.end(), 100U);
    ring.sender.publish_in_slot(1, sent.data(), sent.size());
    ring.sender.publish_in_slot(2, sent.data(), sent.size());

    std::array<std::uint64_t, 20> got{};
    Taken sample;
    REQUIRE(ring.receiver.try_take(sample, got.data(), got.size()) == Outcome::taken);
    REQUIRE(sample.descriptor.in_slot);
    for (std::size_t i = 0; i < got.size(); ++i) REQUIRE(got[i] == (i < room ? sent[i] : 0));

    got = {};
    REQUIRE(ring.receiver.try_take(sample, got.data(), 2) == Outcome::taken);
    REQUIRE(got[1] == sent[1]);
    REQUIRE(got[2] == 0);
}

TEST_CASE("A ring is full after as many samples as its buffer, not as its slots") {
    Ring ring(5, 0);
    for (ChunkId chunk = 0; chunk < 5; ++chunk) REQUIRE(ring.send(chunk));
    REQUIRE(ring.sender.room() == Room::full);
    REQUIRE(ring.take() == Outcome::taken);
    REQUIRE(ring.sender.room() == Room::available);
}

TEST_CASE("Overflow gives the oldest chunk back, and the sequence numbers tell") {
    Ring ring(2, 1);
    ring.send(0);
    ring.send(1);
    REQUIRE(ring.sender.room() == Room::full);
    auto const evicted = ring.sender.evict_oldest();
    REQUIRE(evicted.outcome == Eviction::evicted);
    REQUIRE(evicted.chunk == 0);
    REQUIRE(ring.send(2));

    Taken sample;
    REQUIRE(ring.take(sample) == Outcome::taken);
    REQUIRE(sample.sequence == 2);
    REQUIRE(ring.take(sample) == Outcome::taken);
    REQUIRE(sample.sequence == 3);
    REQUIRE(ring.take() == Outcome::empty);
}

TEST_CASE("A receiver that slept through many laps goes on where the ring is") {
    Ring ring(2, 1);
    for (ChunkId i = 0; i < 1000; ++i) {
        if (ring.sender.room() == Room::full)
            REQUIRE(ring.sender.evict_oldest().outcome == Eviction::evicted);
        REQUIRE(ring.send(i));
    }
    Taken sample;
    REQUIRE(ring.take(sample) == Outcome::taken);
    REQUIRE(sample.sequence == 999);
    REQUIRE(ring.take(sample) == Outcome::taken);
    REQUIRE(ring.take() == Outcome::empty);
    REQUIRE_FALSE(ring.receiver.has_data());
}

TEST_CASE("A sample of a slot has no chunk to give back when it is evicted") {
    Ring ring(1, 1);
    std::uint64_t const block = 9;
    ring.sender.publish_in_slot(1, &block, 1);
    auto const evicted = ring.sender.evict_oldest();
    REQUIRE(evicted.outcome == Eviction::evicted);
    REQUIRE(evicted.chunk == ipc::ring::no_chunk);
}

TEST_CASE("An eviction that comes too late finds room instead") {
    Ring ring(2, 2);
    ring.send(0);
    ring.send(1);
    REQUIRE(ring.sender.room() == Room::full);
    REQUIRE(ring.take() == Outcome::taken);
    REQUIRE(ring.sender.evict_oldest().outcome == Eviction::moved_on);
    REQUIRE(ring.sender.room() == Room::available);
}

TEST_CASE("Samples come back in any order, each once") {
    Ring ring(4, 4);
    for (ChunkId chunk = 0; chunk < 4; ++chunk) ring.send(chunk);
    std::array<Taken, 4> samples;
    for (Taken& sample : samples) REQUIRE(ring.take(sample) == Outcome::taken);
    for (std::size_t i : {2U, 0U}) ring.receiver.release(samples[i].position, samples[i].descriptor.ticket);
    REQUIRE(ring.sender.collect(ring.give_back()));
    REQUIRE_THAT(ring.returned, Catch::UnorderedEquals(std::vector<ChunkId>{0, 2}));

    ring.returned.clear();
    REQUIRE(ring.sender.collect(ring.give_back()));
    REQUIRE(ring.returned.empty());

    ring.sender.take_back_all(ring.give_back());
    REQUIRE_THAT(ring.returned, Catch::UnorderedEquals(std::vector<ChunkId>{1, 3}));
}

TEST_CASE("The end of a connection gives back what waits and what is borrowed, not what came back before") {
    Ring ring(3, 2);
    for (ChunkId chunk = 10; chunk < 13; ++chunk) ring.send(chunk);
    Taken first;
    Taken second;
    ring.take(first);
    ring.take(second);
    ring.receiver.release(second.position, second.descriptor.ticket);
    REQUIRE(ring.sender.collect(ring.give_back()));
    REQUIRE(ring.returned == std::vector<ChunkId>{11});
    std::uint64_t const block = 1;
    ring.sender.publish_in_slot(9, &block, 1);

    ring.returned.clear();
    ring.sender.take_back_all(ring.give_back());
    REQUIRE_THAT(ring.returned, Catch::UnorderedEquals(std::vector<ChunkId>{10, 12}));
    ring.returned.clear();
    ring.sender.take_back_all(ring.give_back());
    REQUIRE(ring.returned.empty());
}

TEST_CASE("Tickets suffice for as long as one likes, with everything borrowed that may be") {
    Ring ring(2, 2);
    std::vector<Taken> held;
    for (ChunkId i = 0; i < 10'000; ++i) {
        REQUIRE(ring.send(i));
        Taken sample;
        REQUIRE(ring.take(sample) == Outcome::taken);
        held.push_back(sample);
        if (held.size() < 2) continue;
        Taken const oldest = held.front();
        held.erase(held.begin());
        ring.receiver.release(oldest.position, oldest.descriptor.ticket);
    }
    ring.sender.take_back_all(ring.give_back());
    REQUIRE(ring.returned.size() == 10'000);
    std::sort(ring.returned.begin(), ring.returned.end());
    for (ChunkId i = 0; i < 10'000; ++i) REQUIRE(ring.returned[i] == i);
}

TEST_CASE("The largest ring works to its last ticket") {
    Ring ring(ipc::layout::max_buffer_size, ipc::layout::max_borrowed_samples);
    for (ChunkId i = 0; i < ipc::layout::max_buffer_size; ++i) REQUIRE(ring.send(i));
    REQUIRE(ring.sender.room() == Room::full);
    for (ChunkId i = 0; i < ipc::layout::max_borrowed_samples; ++i) REQUIRE(ring.take() == Outcome::taken);
    for (ChunkId i = 0; i < ipc::layout::max_borrowed_samples; ++i) REQUIRE(ring.send(i));
    ring.sender.take_back_all(ring.give_back());
    REQUIRE(ring.returned.size() == ring.connection.ticket_count);
}

TEST_CASE("Each side is asked to wake the other once for each time it began to wait") {
    Ring ring(2, 1);
    ring.sender.set_wake_fence(GENERATE(ipc::ring::WakeFence::light, ipc::ring::WakeFence::full));
    REQUIRE_FALSE(ring.sender.receiver_wants_wake());
    ring.receiver.raise_wake();
    REQUIRE(ring.sender.receiver_wants_wake());
    REQUIRE_FALSE(ring.sender.receiver_wants_wake());
    ring.receiver.raise_wake();
    ring.receiver.raise_wake();
    REQUIRE(ring.sender.receiver_wants_wake());
    REQUIRE_FALSE(ring.sender.receiver_wants_wake());

    REQUIRE_FALSE(ring.receiver.sender_wants_wake());
    ring.sender.raise_wake();
    REQUIRE(ring.receiver.sender_wants_wake());
    REQUIRE_FALSE(ring.receiver.sender_wants_wake());
}

TEST_CASE("Each side tells the other what it needs to know, once it does") {
    Ring ring(2, 1);
    REQUIRE(ring.receiver.first_live() == 0);
    ring.sender.publish_first_live(42);
    REQUIRE(ring.receiver.first_live() == 42);
    REQUIRE_FALSE(ring.receiver.sender_has_handle());
    ring.sender.confirm_receiver_handle();
    REQUIRE(ring.receiver.sender_has_handle());
    REQUIRE_FALSE(ring.sender.receiver_has_handle());
    ring.receiver.confirm_sender_handle();
    REQUIRE(ring.sender.receiver_has_handle());
}
