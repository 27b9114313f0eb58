// SPDX-License-Identifier: Apache-2.0

// The real thing on real processors: a sender flat out,
// threads of one subscriber, and a checksum in every payload.
#include "catch.hpp"
#include "connection_fixture.hpp"
#include "ring/chunk_books.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <latch>
#include <thread>
#include <vector>

using namespace ring_tests;

namespace {

constexpr std::uint64_t most_samples = 200'000;
constexpr std::size_t payload_words = 8;
using Payload = std::array<std::uint64_t, payload_words>;

void fill(Payload& payload, std::uint64_t sequence) {
    for (std::size_t i = 0; i < payload.size(); ++i) payload[i] = sequence * (i + 1);
}
bool is_whole(const Payload& payload, std::uint64_t sequence) {
    for (std::size_t i = 0; i < payload.size(); ++i)
        if (payload[i] != sequence * (i + 1)) return false;
    return true;
}

// Payloads are plain memory on purpose: ThreadSanitizer sees whether the ring orders who uses them.
struct Traffic {
    static constexpr std::uint64_t borrowed = 3;
    // A sender that waits for room in a short ring hands its processor over all the time, which on a busy
    // machine takes a time slice.
    std::uint64_t samples;
    Ring ring;
    std::vector<Payload> chunks;
    ipc::ring::ChunkBooks books;
    std::atomic<std::uint64_t> borrows{0};
    std::atomic<std::uint64_t> taken{0};
    std::atomic<std::uint64_t> broken{0};
    std::atomic<bool> finished{false};
    std::uint64_t evicted = 0;
    std::uint64_t held_back = 0;
    bool corrupted = false;

    explicit Traffic(std::uint64_t buffer)
        : samples(std::min(most_samples, 20'000 * buffer)),
          ring(buffer, borrowed),
          chunks(ring.connection.ticket_count + 1),
          books(0, sizeof(Payload), static_cast<std::uint32_t>(chunks.size()), 4096, 4096 * chunks.size()) {}

    auto give_back() {
        return [this](ChunkId chunk) { books.release_reference(chunk); };
    }

    void send(bool overflow) {
        for (std::uint64_t sequence = 1; sequence <= samples && !corrupted; ++sequence) {
            auto chunk = books.acquire();
            if (!chunk) {
                corrupted = !ring.sender.collect(give_back());
                chunk = books.acquire();
            }
            if (corrupted || !chunk) {
                corrupted = true;
                break;
            }
            fill(chunks[*chunk], sequence);
            if (make_room(overflow)) {
                if (!ring.sender.ticket_ready(give_back())) {
                    corrupted = true;
                    break;
                }
                books.add_references(*chunk, 1);
                ring.sender.announce_elements(sequence + 1000);
                ring.sender.publish_by_reference(sequence, 0, *chunk, *chunk);
            }
            books.release_reference(*chunk);
        }
        finished.store(true, std::memory_order_release);
    }

    bool make_room(bool overflow) {
        Room room = ring.sender.room();
        while (!overflow && room == Room::full) {
            std::this_thread::yield();
            room = ring.sender.room();
        }
        corrupted = room == Room::corrupted;
        if (room != Room::full) return !corrupted;
        auto const result = ring.sender.evict_oldest();
        if (result.outcome == Eviction::evicted) {
            ++evicted;
            books.release_reference(result.chunk);
        }
        if (result.outcome == Eviction::held) ++held_back;
        corrupted = result.outcome == Eviction::corrupted;
        return result.outcome == Eviction::evicted || result.outcome == Eviction::moved_on;
    }

    void receive() {
        std::uint64_t last = 0;
        for (;;) {
            bool const was_finished = finished.load(std::memory_order_acquire);
            if (borrows.fetch_add(1, std::memory_order_acquire) >= borrowed) {
                borrows.fetch_sub(1, std::memory_order_release);
                std::this_thread::yield();
                continue;
            }
            Taken sample;
            Outcome const outcome = ring.take(sample);
            if (outcome == Outcome::taken) {
                if (sample.sequence <= last || sample.elements != sample.sequence + 1000 ||
                    !is_whole(chunks[sample.descriptor.offset], sample.sequence))
                    ++broken;
                last = sample.sequence;
                ++taken;
                ring.receiver.release(sample.position, sample.descriptor.ticket);
            }
            borrows.fetch_sub(1, std::memory_order_release);
            if (outcome == Outcome::corrupted) ++broken;
            if (outcome == Outcome::corrupted || (outcome == Outcome::empty && was_finished)) return;
            if (outcome == Outcome::empty) std::this_thread::yield();
        }
    }

    void run(std::size_t takers, bool overflow) {
        std::vector<std::thread> threads;
        std::latch start(static_cast<std::ptrdiff_t>(takers) + 1);
        for (std::size_t i = 0; i < takers; ++i)
            threads.emplace_back([&] {
                start.arrive_and_wait();
                receive();
            });
        start.arrive_and_wait();
        send(overflow);
        for (std::thread& thread : threads) thread.join();
        REQUIRE_FALSE(corrupted);
        REQUIRE(broken == 0);
        REQUIRE(taken + evicted + held_back == samples);
        ring.sender.take_back_all(give_back());
        REQUIRE(books.in_use() == 0);
    }
};

}  // namespace

TEST_CASE("Under load nothing is torn, lost untold or kept: overflow", "[stress]") {
    Traffic traffic(GENERATE(1U, 3U, 64U));
    traffic.run(GENERATE(1U, 3U), true);
}

TEST_CASE("Under load nothing is torn, lost or kept: waiting for room", "[stress]") {
    Traffic traffic(GENERATE(1U, 3U, 64U));
    traffic.run(GENERATE(1U, 3U), false);
    REQUIRE(traffic.taken == traffic.samples);
}
