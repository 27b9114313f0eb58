// SPDX-License-Identifier: Apache-2.0

// A listener that sleeps, under every interleaving within the bounds: once a notification has returned, the
// handle is readable for as long as something can be collected; and afterwards it is quiet.
#include "exploring.hpp"
#include "handle.hpp"
#include "layout/event_connection.hpp"
#include "ring/arming.hpp"
#include "ring/event_receiver.hpp"
#include "ring/event_sender.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>

namespace {

using Atomics = model::ModelAtomics<>;
using ipc::ring::WakeFence;

enum class Fence { heavy, full, none };

struct Connection {
    alignas(128) std::array<std::byte, 1024> segment{};
    std::optional<ipc::ring::EventSender<Atomics>> sender;
    std::optional<ipc::ring::EventReceiver<Atomics>> receiver;
    std::uint64_t told = 0;

    void raise_wake() { receiver->raise_wake(); }
    bool has_data() const { return receiver->has_data(); }
    bool take(bool one) {
        auto const sink = [this](std::uint64_t, std::uint64_t count) { told += count; };
        auto const outcome = one ? receiver->collect_one(sink) : receiver->collect(sink);
        return outcome == ipc::ring::EventReceiver<Atomics>::Outcome::some;
    }
};

struct Settings {
    std::uint64_t notifications = 2;
    std::size_t sleepers = 1;
    bool one_by_one = false;
    Fence fence = Fence::heavy;
};

template <std::size_t Senders>
class Waking {
 public:
    explicit Waking(const Settings& settings) : settings_(settings) {}

    void operator()(model::Execution& run) {
        handle_.emplace(run);
        handle_->write();  // readable once with nothing there: somebody is going to look, and to arm
        auto const layout = ipc::layout::event_connection(1);
        for (Connection& connection : connections_) {
            connection.sender.emplace(connection.segment.data(), layout);
            connection.receiver.emplace(connection.segment.data(), layout);
            connection.told = 0;
            connection.sender->set_wake_fence(settings_.fence == Fence::full ? WakeFence::full
                                                                             : WakeFence::light);
            run.watch(&connection.told, 1);
        }
        for (Connection& connection : connections_) run.task("notifier", [&] { notify(connection); });
        for (std::size_t i = 0; i < settings_.sleepers; ++i) run.task("sleeper", [&] { listen(run); });
        run.at_end([&] {
            for (Connection& connection : connections_)
                run.require(connection.told == settings_.notifications, "nobody sleeps over a notification");
            run.require(!handle_->readable(), "the handle is quiet in the end");
        });
    }

 private:
    void notify(Connection& connection) {
        for (std::uint64_t i = 0; i < settings_.notifications; ++i) {
            connection.sender->notify(i % 2);
            if (connection.sender->receiver_wants_wake()) handle_->write();
        }
    }

    // As a foreign event loop does it: wait until the handle is readable, look once, wait again.
    void listen(model::Execution& run) {
        for (;;) {
            handle_->wait();
            bool found = false;
            for (Connection& connection : connections_)
                found = found || connection.take(settings_.one_by_one);
            if (!found && arm(run)) handle_->write();
        }
    }

    bool arm(model::Execution& run) {
        return ipc::ring::arm(
            connections_, [&] { handle_->drain(); },
            [&] {
                if (settings_.fence == Fence::full) run.full_fence();
                if (settings_.fence == Fence::heavy) run.heavy_fence();
            });
    }

    Settings settings_;
    std::optional<model::Handle> handle_;
    std::array<Connection, Senders> connections_;
};

template <std::size_t Senders>
model::Exploration explore_waking(const Settings& settings, const model::Bounds& bounds = {}) {
    Waking<Senders> waking(settings);
    return model::explore(std::ref(waking), bounds);
}

}  // namespace

TEST_CASE("No notification is slept over: one notifier, one sleeper") {
    require_kept(explore_waking<1>({}, {.preemptions = 6}));
    require_kept(explore_waking<1>({.one_by_one = true}, {.preemptions = 6}));
}

TEST_CASE("No notification is slept over: two notifiers, one sleeper") {
    require_kept(explore_waking<2>({.notifications = 1}, {.preemptions = 4, .stale_reads = 2}));
}

TEST_CASE("No notification is slept over: two threads that sleep on one listener") {
    require_kept(
        explore_waking<1>({.notifications = 1, .sleepers = 2}, {.preemptions = 3, .stale_reads = 1}));
    require_kept(explore_waking<1>({.sleepers = 2}, {.preemptions = 3, .stale_reads = 0}));
}

TEST_CASE("No notification is slept over: full fences where membarrier does not work") {
    require_kept(explore_waking<1>({.fence = Fence::full}, {.preemptions = 6}));
}

TEST_CASE("Found: a listener that sleeps without a fence") {
    require_broken(explore_waking<1>({.fence = Fence::none}));
}
