// SPDX-License-Identifier: Apache-2.0
// Both halves of a delivery ring, in memory that a peer scribbles into between any two calls.
#include "fuzz/target.hpp"
#include "ring/connection_fixture.hpp"

#include <array>
#include <optional>
#include <vector>

using namespace ring_tests;

namespace {

class Scene {
 public:
    Scene(std::uint64_t buffer, std::uint64_t borrowed, std::uint64_t slot)
        : borrowed_{borrowed}, slot_size_{slot}, ring_{buffer, borrowed, slot} {}

    // False: one half found the other out.
    bool step(fuzz::Bytes& bytes) {
        switch (bytes.byte() % 8U) {
            case 0:
                scribble(bytes.number(2), bytes.byte());
                return true;
            case 1:
                scribble(bytes.number(2), bytes.number(8));
                return true;
            case 2:
                return take();
            case 3:
                give_back(bytes.byte());
                return true;
            case 4:
                return send(false);
            case 5:
                return send(true);
            case 6:
                ring_.receiver.raise_wake();
                static_cast<void>(ring_.sender.receiver_wants_wake());
                static_cast<void>(ring_.receiver.sender_wants_wake());
                return true;
            default:
                return ring_.sender.collect(ring_.give_back());
        }
    }
    // Whatever happened: every chunk comes back, and once.
    void end() {
        ring_.sender.take_back_all(ring_.give_back());
        std::vector<int> balance(sent_, 1);
        for (const ChunkId chunk : ring_.returned) {
            fuzz::check(chunk < sent_, "a chunk that nobody sent came back");
            --balance[chunk];
        }
        for (const int left : balance) fuzz::check(left == 0, "a chunk came back twice, or not at all");
    }

 private:
    void scribble(std::uint64_t place, std::uint64_t value) {
        ring_.segment.word(place % (ring_.connection.size / 8) * 8).store(value, std::memory_order_relaxed);
    }
    bool take() {
        if (held_.size() == borrowed_) return true;
        std::array<std::uint64_t, 16> block{};
        Taken sample;
        switch (ring_.receiver.try_take(sample, block.data(), block.size())) {
            case Outcome::taken:
                break;
            case Outcome::corrupted:
                return false;
            default:
                return true;
        }
        if (sample.descriptor.in_slot) return true;
        fuzz::check(sample.descriptor.ticket < ring_.connection.ticket_count, "a ticket that does not exist");
        held_.push_back(sample);
        return true;
    }
    void give_back(std::uint64_t which) {
        if (held_.empty()) return;
        const auto sample = held_.begin() + static_cast<std::ptrdiff_t>(which % held_.size());
        ring_.receiver.release(sample->position, sample->descriptor.ticket);
        held_.erase(sample);
    }
    bool send(bool in_slot) {
        const Room room = ring_.sender.room();
        if (room == Room::corrupted) return false;
        if (room == Room::full) {
            const auto evicted = ring_.sender.evict_oldest();
            if (evicted.outcome == Eviction::corrupted) return false;
            if (evicted.outcome == Eviction::held) return true;
            if (evicted.chunk != ipc::ring::no_chunk) ring_.returned.push_back(evicted.chunk);
        }
        const std::array<std::uint64_t, 16> block{};
        if (in_slot) {
            ring_.sender.publish_in_slot(++ring_.sequence, block.data(), slot_size_ / 8);
            return true;
        }
        if (!ring_.sender.ticket_ready(ring_.give_back())) return false;
        ring_.sender.publish_by_reference(++ring_.sequence, 0, sent_, sent_);
        ++sent_;
        return true;
    }

    std::uint64_t borrowed_;
    std::uint64_t slot_size_;
    Ring ring_;
    std::vector<Taken> held_;
    ChunkId sent_ = 0;
};

}  // namespace

FUZZ_TARGET(delivery) {
    fuzz::Bytes bytes{input};
    const std::uint64_t buffer = 1 + bytes.byte() % 6U;
    const std::uint64_t borrowed = 1 + bytes.byte() % 4U;
    Scene scene{buffer, borrowed, bytes.byte() % 2U == 0 ? 64U : 128U};
    while (!bytes.empty() && scene.step(bytes)) {
    }
    scene.end();
}
