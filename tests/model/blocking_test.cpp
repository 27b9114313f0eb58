// SPDX-License-Identifier: Apache-2.0

// A sender that sleeps until there is room, under every interleaving within the bounds.
#include "exploring.hpp"
#include "handle.hpp"
#include "layout/connection.hpp"
#include "ring/arming.hpp"
#include "ring/delivery_receiver.hpp"
#include "ring/delivery_sender.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>

namespace {

using Atomics = model::ModelAtomics<>;
using Sender = ipc::ring::DeliverySender<Atomics>;
using Receiver = ipc::ring::DeliveryReceiver<Atomics>;
using ipc::ring::WakeFence;

enum class Fence { heavy, full, none };

// To the sender, room is what data is to a receiver: arm() is the same.
struct Room {
    Sender& sender;
    void raise_wake() { sender.raise_wake(); }
    bool has_data() { return sender.room() != Sender::Room::full; }
};

class Blocking {
 public:
    Blocking(Fence fence, std::uint64_t samples, std::size_t takers)
        : fence_(fence), samples_(samples), takers_(takers) {}

    void operator()(model::Execution& run) {
        auto const layout = ipc::layout::connection(1, 0, 64);
        handle_.emplace(run);
        sender_.emplace(segment_.data(), layout);
        receiver_.emplace(segment_.data(), layout);
        auto const kind = fence_ == Fence::full ? WakeFence::full : WakeFence::light;
        sender_->set_wake_fence(kind);
        receiver_->set_wake_fence(kind);
        published_ = taken_ = 0;
        run.watch(&published_, 1);
        run.watch(&taken_, 1);
        std::size_t const sending = run.task("sender", [&] { send(run); });
        for (std::size_t i = 0; i < takers_; ++i) run.task("taker", [&] { take(run); });
        run.at_end([&run, this, sending] {
            run.require(run.over(sending), "a sender does not sleep beside a ring that has room");
            run.require(taken_ == samples_, "everything arrives");
        });
    }

 private:
    void send(model::Execution& run) {
        std::array<Room, 1> room{Room{*sender_}};
        for (std::uint64_t i = 1; i <= samples_; ++i) {
            while (sender_->room() == Sender::Room::full)
                if (!ipc::ring::arm(
                        room, [&] { handle_->drain(); }, [&] { fence(run); }))
                    handle_->wait();
            sender_->publish_in_slot(i, &i, 1);
            ++published_;
        }
    }
    void fence(model::Execution& run) {
        if (fence_ == Fence::heavy) run.heavy_fence();
        if (fence_ == Fence::full) run.full_fence();
    }
    void take(model::Execution& run) {
        // Instead of polling, which would never end: look again when
        // there is something, by an eye that sees all.
        auto const position = [&] {
            return run.newest_value(
                run.location_at(segment_.data() + ipc::layout::Connection::read_position));
        };
        for (;;) {
            run.block_until([&] { return published_ > position() || position() == samples_; });
            if (position() == samples_) return;
            ipc::ring::Taken sample;
            std::uint64_t block = 0;
            if (receiver_->try_take(sample, &block, 1) != Receiver::Outcome::taken) continue;
            ++taken_;
            if (receiver_->sender_wants_wake()) handle_->write();
        }
    }

    Fence fence_;
    std::uint64_t samples_;
    std::size_t takers_;
    alignas(128) std::array<std::byte, 2048> segment_{};
    std::optional<model::Handle> handle_;
    std::optional<Sender> sender_;
    std::optional<Receiver> receiver_;
    std::uint64_t published_ = 0;
    std::uint64_t taken_ = 0;
};

model::Exploration explore_blocking(Fence fence, std::uint64_t samples, std::size_t takers,
                                    const model::Bounds& bounds) {
    Blocking blocking(fence, samples, takers);
    return model::explore(std::ref(blocking), bounds);
}

}  // namespace

TEST_CASE("A sender that waits for room is woken: one taker") {
    require_kept(explore_blocking(Fence::heavy, 3, 1, {.preemptions = 4, .stale_reads = 2}));
}

TEST_CASE("A sender that waits for room is woken: two threads that take") {
    require_kept(explore_blocking(Fence::heavy, 2, 2, {.preemptions = 3, .stale_reads = 1}));
}

TEST_CASE("A sender that waits for room is woken: full fences where membarrier does not work") {
    require_kept(explore_blocking(Fence::full, 3, 1, {.preemptions = 4, .stale_reads = 2}));
}

TEST_CASE("Found: a sender that sleeps without a fence") {
    require_broken(explore_blocking(Fence::none, 3, 1, {.preemptions = 4, .stale_reads = 2}));
}
