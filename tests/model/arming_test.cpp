// SPDX-License-Identifier: Apache-2.0

// A port that stays armed until it is woken, and whose connections are made while its threads lie down, under
// every interleaving within the bounds: nobody sleeps over a sample.
#include "ring/arming.hpp"

#include "exploring.hpp"
#include "handle.hpp"
#include "layout/connection.hpp"
#include "ring/delivery_receiver.hpp"
#include "ring/delivery_sender.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

namespace {

using Atomics = model::ModelAtomics<>;

struct Connection {
    alignas(128) std::array<std::byte, 2048> segment{};
    std::optional<ipc::ring::DeliverySender<Atomics>> sender;
    std::optional<ipc::ring::DeliveryReceiver<Atomics>> receiver;
    std::uint64_t taken = 0;

    void raise_wake() { receiver->raise_wake(); }
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

// Those that are there when a loop begins.
struct Table {
    Connection* begin() const { return first; }
    Connection* end() const { return first + used->load(std::memory_order_acquire); }
    Connection* first;
    Atomics::Atomic<std::uint64_t>* used;
};
// Wrong: those that were there when it was made.
struct Picture {
    Connection* begin() const { return first; }
    Connection* end() const { return last; }
    Connection* first;
    Connection* last;
};

struct Settings {
    std::uint64_t samples = 1;  // of each sender
    std::size_t sleepers = 1;
    std::size_t there = 1;  // connections in the beginning,
    std::size_t later = 0;  // and that are made
    bool picture = false;
};

class Growing {
    static constexpr std::size_t most = 2;

 public:
    explicit Growing(const Settings& settings) : settings_(settings) {}

    void operator()(model::Execution& run) {
        handle_.emplace(run);
        handle_->write();  // readable once with nothing there: somebody is going to look, and to arm
        arming_.emplace();
        used_.emplace(settings_.there);
        added_ = settings_.there;
        run.watch(&added_, 1);
        for (Connection& connection : connections_) {
            auto const layout = ipc::layout::connection(settings_.samples, 0, 64);
            connection.sender.emplace(connection.segment.data(), layout);
            connection.receiver.emplace(connection.segment.data(), layout);
            connection.taken = 0;
            connection.sender->set_wake_fence(ipc::ring::WakeFence::light);
            run.watch(&connection.taken, 1);
        }
        for (std::size_t i = 0; i < settings_.there + settings_.later; ++i)
            run.task("sender", [&, i] { send(run, i); });
        for (std::size_t i = 0; i < settings_.later; ++i) run.task("maker", [&] { make(run); });
        for (std::size_t i = 0; i < settings_.sleepers; ++i) run.task("sleeper", [&] { receive(run); });
        run.at_end([&] {
            for (std::size_t i = 0; i < settings_.there + settings_.later; ++i)
                run.require(connections_[i].taken == settings_.samples, "nobody sleeps over a sample");
        });
    }

 private:
    void send(model::Execution& run, std::size_t number) {
        run.block_until([&, number] { return number < added_; });
        Connection& connection = connections_[number];
        for (std::uint64_t i = 1; i <= settings_.samples; ++i) {
            connection.sender->publish_in_slot(i, &i, 1);
            if (connection.sender->receiver_wants_wake()) handle_->write();
        }
    }

    void make(model::Execution& run) {
        used_->store(added_ + 1, std::memory_order_release);
        ++added_;
        arming_->disturb();
        run.full_fence();
        handle_->write();
    }

    void receive(model::Execution& run) {
        Table const table{connections_.data(), &*used_};
        for (;;) {
            handle_->wait();
            bool found = false;
            for (Connection& connection : table) found = found || connection.take();
            if (found) continue;
            if (settings_.picture)
                lie_down(run, Picture{table.begin(), table.end()});
            else
                lie_down(run, table);
        }
    }

    template <class Connections>
    void lie_down(model::Execution& run, const Connections& connections) {
        auto const armed = arming_->arm(
            connections, [&] { return handle_->drain(); },
            [&] {
                run.heavy_fence();
                return true;
            },
            [] { return false; });
        if (armed == ipc::ring::Arming<Atomics>::Armed::something_there) handle_->write();
    }

    Settings settings_;
    std::optional<model::Handle> handle_;
    std::optional<ipc::ring::Arming<Atomics>> arming_;
    std::optional<Atomics::Atomic<std::uint64_t>> used_;
    std::uint64_t added_ = 0;
    std::array<Connection, most> connections_;
};

model::Exploration explore_growing(const Settings& settings, const model::Bounds& bounds) {
    Growing world(settings);
    return model::explore(std::ref(world), bounds);
}

}  // namespace

TEST_CASE("A port that stays armed is woken: two senders") {
    require_kept(explore_growing({.there = 2}, {.preemptions = 3, .stale_reads = 2}));
}

TEST_CASE("A port that stays armed is woken: two threads that sleep") {
    require_kept(explore_growing({.sleepers = 2}, {.preemptions = 3, .stale_reads = 1}));
    require_kept(explore_growing({.samples = 2, .sleepers = 2}, {.preemptions = 2, .stale_reads = 0}));
}

TEST_CASE("A connection that is made while somebody lies down wakes him") {
    require_kept(explore_growing({.there = 0, .later = 1}, {.preemptions = 3, .stale_reads = 2}));
    require_kept(explore_growing({.later = 1}, {.preemptions = 2, .stale_reads = 1}));
    require_kept(
        explore_growing({.sleepers = 2, .there = 0, .later = 1}, {.preemptions = 2, .stale_reads = 0}));
}

TEST_CASE("Found: lying down with a picture of the connections") {
    require_broken(explore_growing({.there = 0, .later = 1, .picture = true}, {.preemptions = 3}));
}
