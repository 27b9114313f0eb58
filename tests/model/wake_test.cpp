// SPDX-License-Identifier: Apache-2.0

// Sleeping and waking under every interleaving within the bounds: once a send has returned, the receiver's
// handle is readable for as long as something can be received; and afterwards it is quiet.
#include "exploring.hpp"
#include "handle.hpp"
#include "layout/connection.hpp"
#include "ring/arming.hpp"
#include "ring/delivery_receiver.hpp"
#include "ring/delivery_sender.hpp"
#include "wrong_orders.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>

namespace {

using Atomics = model::ModelAtomics<>;
using ipc::ring::WakeFence;

enum class Variant {
    right,
    full_fences,            // on both sides, where membarrier does not work
    no_fence,               // wrong
    raise_before_draining,  // wrong
    boolean_wake_word,      // wrong
};

struct Connection {
    alignas(128) std::array<std::byte, 2048> segment{};
    std::optional<ipc::ring::DeliverySender<Atomics>> sender;
    std::optional<ipc::ring::DeliveryReceiver<Atomics>> receiver;
    std::uint64_t taken = 0;
    Variant variant = Variant::right;

    void raise_wake() {
        if (variant == Variant::boolean_wake_word)
            Atomics::word(segment.data(), ipc::layout::Connection::receiver_wake)
                .store(1, std::memory_order_release);
        else
            receiver->raise_wake();
    }
    bool has_data() const { return receiver->has_data(); }
    bool take() {
        ipc::ring::Taken sample;
        std::uint64_t block = 0;
        if (receiver->try_take(sample, &block, 1) != ipc::ring::DeliveryReceiver<Atomics>::Outcome::taken)
            return false;
        ++taken;
        return true;
    }
};

template <std::size_t Senders>
class Waking {
 public:
    Waking(Variant variant, std::uint64_t samples, std::size_t sleepers, bool mortal)
        : variant_(variant), samples_(samples), sleepers_(sleepers), mortal_(mortal) {}

    void operator()(model::Execution& run) {
        handle_.emplace(run);
        handle_->write();  // readable once with nothing there: somebody is going to look, and to arm
        for (Connection& connection : connections_) {
            auto const layout = ipc::layout::connection(samples_, 0, 64);
            connection.sender.emplace(connection.segment.data(), layout);
            connection.receiver.emplace(connection.segment.data(), layout);
            connection.taken = 0;
            connection.variant = variant_;
            connection.sender->set_wake_fence(variant_ == Variant::full_fences ? WakeFence::full
                                                                               : WakeFence::light);
            run.watch(&connection.taken, 1);
        }
        std::array<std::size_t, Senders> senders{};
        for (std::size_t i = 0; i < Senders; ++i)
            senders[i] = run.task(
                "sender", [this, i] { send(connections_[i]); }, mortal_);
        for (std::size_t i = 0; i < sleepers_; ++i) run.task("sleeper", [&] { receive(run); });
        run.at_end([this, &run, senders] {
            // What a sender published and did not wake for any more, its end is told with.
            for (std::size_t i = 0; i < Senders; ++i)
                run.require(run.died(senders[i]) || connections_[i].taken == samples_,
                            "nobody sleeps over a sample");
            run.require(!handle_->readable(), "the handle is quiet in the end");
        });
    }

 private:
    void send(Connection& connection) {
        for (std::uint64_t i = 1; i <= samples_; ++i) {
            connection.sender->publish_in_slot(i, &i, 1);
            if (connection.sender->receiver_wants_wake()) handle_->write();
        }
    }

    // As a foreign event loop does it: wait until the handle is readable, receive once, wait again.
    void receive(model::Execution& run) {
        for (;;) {
            handle_->wait();
            bool found = false;
            for (Connection& connection : connections_) found = found || connection.take();
            if (!found && arm(run)) handle_->write();
        }
    }

    bool arm(model::Execution& run) {
        auto const drain = [&] { handle_->drain(); };
        auto const fence = [&] {
            if (variant_ == Variant::full_fences)
                run.full_fence();
            else if (variant_ != Variant::no_fence)
                run.heavy_fence();
        };
        if (variant_ == Variant::raise_before_draining) {
            for (Connection& connection : connections_) connection.raise_wake();
            return ipc::ring::arm(unraised_, drain, fence) || has_data();
        }
        return ipc::ring::arm(connections_, drain, fence);
    }
    bool has_data() const {
        for (const Connection& connection : connections_)
            if (connection.has_data()) return true;
        return false;
    }

    Variant variant_;
    std::uint64_t samples_;
    std::size_t sleepers_;
    bool mortal_;  // the senders
    std::optional<model::Handle> handle_;
    std::array<Connection, Senders> connections_;
    std::array<Connection, 0> unraised_;
};

template <std::size_t Senders>
model::Exploration explore_waking(Variant variant, std::uint64_t samples, std::size_t sleepers,
                                  const model::Bounds& bounds = {}) {
    Waking<Senders> waking(variant, samples, sleepers, bounds.deaths != 0);
    return model::explore(std::ref(waking), bounds);
}

}  // namespace

TEST_CASE("No wake-up is lost: one sender, one sleeper") {
    require_kept(explore_waking<1>(Variant::right, 2, 1));
}

TEST_CASE("No wake-up is lost: two senders, one sleeper") {
    require_kept(explore_waking<2>(Variant::right, 1, 1, {.preemptions = 4, .stale_reads = 2}));
}

TEST_CASE("No wake-up is lost: two senders, one of whom dies at any step") {
    require_kept(explore_waking<2>(Variant::right, 1, 1, {.preemptions = 3, .stale_reads = 1, .deaths = 1}));
}

TEST_CASE("No wake-up is lost: one sender, two threads that sleep on one port") {
    require_kept(explore_waking<1>(Variant::right, 1, 2, {.preemptions = 3, .stale_reads = 1}));
    require_kept(explore_waking<1>(Variant::right, 2, 2, {.preemptions = 3, .stale_reads = 0}));
}

TEST_CASE("No wake-up is lost: two senders, two sleepers") {
    require_kept(explore_waking<2>(Variant::right, 1, 2, {.preemptions = 2, .stale_reads = 0}));
}

TEST_CASE("No wake-up is lost: full fences where membarrier does not work") {
    require_kept(explore_waking<1>(Variant::full_fences, 2, 1));
}

TEST_CASE("Found: a sleeper without a fence") {
    require_broken(explore_waking<1>(Variant::no_fence, 2, 1));
}

TEST_CASE("Found: raising before draining") {
    // With one sleeper it does no harm, for he looks again. With two, the other one takes what was there.
    require_broken(
        explore_waking<1>(Variant::raise_before_draining, 2, 2, {.preemptions = 3, .stale_reads = 0}));
}

TEST_CASE("Found: a wake word that is a boolean") {
    require_broken(explore_waking<1>(Variant::boolean_wake_word, 2, 1));
}
