// SPDX-License-Identifier: Apache-2.0

// A place that serves one connection after another, under every interleaving within the bounds: who is inside
// finds the connection that he entered, the last to leave clears up, once, and what was looked at before
// entering counts only if no other connection began meanwhile.
#include "exploring.hpp"
#include "layout/connection.hpp"
#include "model_atomics.hpp"
#include "ring/borrows.hpp"
#include "ring/delivery_receiver.hpp"
#include "ring/delivery_sender.hpp"
#include "ring/occupants.hpp"
#include "wrong_orders.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

namespace {

// The state of a place, free or not, as whoever clears up hands it to whoever connects next.
class State {
 public:
    void hand_over() { word_.exchange(0, std::memory_order_acq_rel); }

 private:
    model::ModelAtomics<>::Atomic<std::uint64_t> word_{0};
};

// One way in for both kinds of places: enter() gives a number, or nothing.
template <class Atomics>
struct Door {
    explicit Door(std::uint32_t) {}
    std::optional<std::uint32_t> enter() {
        return occupants.enter() ? std::optional(std::uint32_t{0}) : std::nullopt;
    }
    bool leave(std::uint32_t) { return occupants.leave(); }
    void open() { occupants.open(); }
    bool close() { return occupants.close(); }
    static constexpr bool alone = false;
    ipc::ring::Occupants<Atomics> occupants;
};

template <class Atomics, std::uint32_t in_a_word>
struct Cells {
    using Borrows = ipc::ring::Borrows<Atomics, in_a_word>;
    explicit Cells(std::uint32_t capacity) : borrows(capacity) {}
    std::optional<std::uint32_t> enter() {
        std::uint32_t const cell = borrows.claim();
        return cell == Borrows::no_cell ? std::nullopt : std::optional(cell);
    }
    bool leave(std::uint32_t cell) { return borrows.release(cell); }
    void open() { borrows.open(); }
    bool close() { return borrows.close(); }
    static constexpr bool alone = true;  // with one's number
    Borrows borrows;
};

// What belongs to the connection is plain memory: whoever reads it while it is cleared up or made anew, is
// caught by the race check; and so is whoever has a cell that another thread has not left yet.
template <class Way>
class Visited {
 public:
    Visited(std::uint32_t capacity, std::size_t visitors, std::size_t visits, std::uint64_t connections)
        : capacity_(capacity), visitors_(visitors), visits_(visits), connections_(connections) {}

    void operator()(model::Execution& run) {
        run_ = &run;
        way_.emplace(capacity_);
        state_.emplace();
        inside_ = cleared_ = 0;
        run.watch(&inside_, 1);
        run.watch(&cleared_, 1);
        run.task("keeper", [this] { keep(); });
        for (std::size_t i = 0; i < visitors_; ++i) run.task("visitor", [this] { visit(); });
        run.at_end([this] { run_->require(cleared_ == connections_, "every connection is cleared up"); });
    }

 private:
    model::Location place() { return run_->location_at(memory_.data()); }
    model::Location room(std::uint32_t number) { return run_->location_at(memory_.data() + 1 + number); }

    void keep() {
        for (std::uint64_t number = 1; number <= connections_; ++number) {
            run_->plain_write(place(), number);
            way_->open();
            if (way_->close()) clear_up();
            run_->block_until([this, number] { return cleared_ == number; });
            state_->hand_over();
        }
    }

    void visit() {
        for (std::size_t i = 0; i < visits_; ++i) {
            auto const entered = way_->enter();
            if (!entered) continue;
            ++inside_;
            run_->require(run_->plain_read(place()) != 0, "who is inside finds the connection");
            if (Way::alone) run_->plain_write(room(*entered), 1);
            --inside_;
            if (way_->leave(*entered)) clear_up();
        }
    }

    void clear_up() {
        run_->require(inside_ == 0, "nobody is inside");
        run_->require(run_->plain_read(place()) == cleared_ + 1, "a connection is cleared up once");
        run_->plain_write(place(), 0);
        state_->hand_over();
        ++cleared_;
    }

    std::uint32_t capacity_;
    std::size_t visitors_;
    std::size_t visits_;
    std::uint64_t connections_;
    std::array<std::byte, 8> memory_{};  // addresses only
    model::Execution* run_ = nullptr;
    std::optional<Way> way_;
    std::optional<State> state_;
    std::uint64_t inside_ = 0;
    std::uint64_t cleared_ = 0;
};

template <class Way>
model::Exploration explore_visits(std::uint32_t capacity, std::size_t visitors, std::size_t visits,
                                  std::uint64_t connections, const model::Bounds& bounds = {}) {
    Visited<Way> world(capacity, visitors, visits, connections);
    return model::explore(std::ref(world), bounds);
}

using Right = model::ModelAtomics<>;
using Wrong = model::ModelAtomics<model::RelaxedExchanges>;

enum class Rule {
    all,
    any_look,        // wrong: what a look showed is taken, whichever connection it was
    late_attention,  // wrong: what comes first is said when the place is open already
};

// As a subscriber's place does it: a look, then a cell, and then the sample that was looked at. Attention
// stands for history that comes first; a look that finds it goes another way.
class Served {
    using Sender = ipc::ring::DeliverySender<Right>;
    using Receiver = ipc::ring::DeliveryReceiver<Right>;
    using Borrows = ipc::ring::Borrows<Right>;
    static constexpr std::uint64_t connections = 2;

 public:
    Served(Rule rule, std::size_t takers, std::size_t takes, std::uint64_t samples)
        : rule_(rule), takers_(takers), takes_(takes), samples_(samples) {}

    void operator()(model::Execution& run) {
        run_ = &run;
        receiver_.emplace(segment_.data(), layout_);
        borrows_.emplace(1);
        state_.emplace();
        served_.emplace(0);
        attention_.emplace(0);
        progress_ = {};
        taken_ = {};
        run.watch(&progress_.connected, 4);
        run.watch(taken_.data(), taken_.size());
        run.task("keeper", [this] { keep(); });
        run.task("sender", [this] { send(); });
        for (std::size_t i = 0; i < takers_; ++i)
            run.task("taker", [this] {
                for (std::size_t n = 0; n < takes_; ++n) take();
            });
        run.at_end([this] { run_->require(progress_.cleared == connections, "all are cleared up"); });
    }

 private:
    model::Location memory() { return run_->location_at(memory_.data()); }

    void keep() {
        for (std::uint64_t number = 1; number <= connections; ++number) {
            run_->plain_write(memory(), number);
            if (rule_ != Rule::late_attention) attention_->store(1, std::memory_order_relaxed);
            served_->store(number, std::memory_order_release);
            borrows_->open();
            if (rule_ == Rule::late_attention) attention_->store(1, std::memory_order_release);
            progress_.connected = number;
            run_->block_until([this, number] { return progress_.sent == number; });
            progress_.joined = number;
            attention_->store(0, std::memory_order_relaxed);
            if (borrows_->close()) clear_up();
            run_->block_until([this, number] { return progress_.cleared == number; });
            state_->hand_over();
        }
    }

    void send() {
        for (std::uint64_t number = 1; number <= connections; ++number) {
            run_->block_until([this, number] { return progress_.connected == number; });
            Sender sender{segment_.data(), layout_};
            for (std::uint64_t i = 0; i < samples_; ++i) {
                std::uint64_t const sequence = number * 10 + i;
                sender.publish_in_slot(sequence, &sequence, 1);
            }
            progress_.sent = number;
        }
    }

    void take() {
        std::uint64_t const served = served_->load(std::memory_order_acquire);
        auto const look = receiver_->look();
        if (attention_->load(std::memory_order_acquire) != 0 || !Receiver::shows_sample(look)) return;
        std::uint32_t const cell = borrows_->claim();
        if (cell == Borrows::no_cell) return;
        if (rule_ == Rule::any_look || served_->load(std::memory_order_relaxed) == served) take(look);
        if (borrows_->release(cell)) clear_up();
    }

    void take(const Receiver::Look& look) {
        std::uint64_t const number = run_->plain_read(memory());
        ipc::ring::Taken sample;
        std::uint64_t block = 0;
        std::uint64_t moved_to = 0;
        if (!receiver_->take(look, sample, &block, 1, moved_to)) {
            auto const outcome = receiver_->try_take(sample, &block, 1);
            run_->require(outcome != Receiver::Outcome::corrupted, "an honest sender is not cut");
            if (outcome != Receiver::Outcome::taken) return;
        }
        run_->require(sample.sequence / 10 == number && block == sample.sequence,
                      "what is taken was published in the connection that is here");
        run_->require(progress_.joined == number, "what comes first is first");
        run_->require(++taken_[sample.sequence] == 1, "a sample is taken once");
    }

    void clear_up() {
        std::uint64_t const number = run_->plain_read(memory());
        run_->require(progress_.cleared + 1 == number, "a connection is cleared up once");
        run_->plain_write(memory(), 0);
        attention_->store(0, std::memory_order_relaxed);
        // Zero pages instead of the segment.
        Right::word(segment_.data(), ipc::layout::Connection::read_position)
            .store(0, std::memory_order_relaxed);
        for (std::uint64_t i = 0; i < samples_; ++i)
            Right::word(segment_.data(), layout_.slots + i * layout_.slot_size + ipc::ring::Slot::publication)
                .store(0, std::memory_order_relaxed);
        receiver_->begin_again();
        state_->hand_over();
        progress_.cleared = number;
    }

    struct Progress {
        std::uint64_t connected = 0;
        std::uint64_t sent = 0;
        std::uint64_t joined = 0;
        std::uint64_t cleared = 0;
    };

    Rule rule_;
    std::size_t takers_;
    std::size_t takes_;
    std::uint64_t samples_;
    ipc::layout::Connection layout_ = ipc::layout::connection(2, 1, 64);
    alignas(128) std::array<std::byte, 2048> segment_{};  // addresses only: the model keeps the contents
    std::array<std::byte, 8> memory_{};
    model::Execution* run_ = nullptr;
    std::optional<Receiver> receiver_;
    std::optional<Borrows> borrows_;
    std::optional<State> state_;
    std::optional<Right::Atomic<std::uint64_t>> served_;
    std::optional<Right::Atomic<std::uint64_t>> attention_;
    Progress progress_;
    std::array<std::uint64_t, 32> taken_{};  // of each number
};

model::Exploration explore_served(Rule rule, std::size_t takers, std::size_t takes, std::uint64_t samples,
                                  const model::Bounds& bounds = {}) {
    Served world(rule, takers, takes, samples);
    return model::explore(std::ref(world), bounds);
}

}  // namespace

TEST_CASE("The last to leave a place clears it up: threads that visit") {
    require_kept(explore_visits<Door<Right>>(0, 2, 2, 2, {.preemptions = 5, .stale_reads = 2}));
    require_kept(explore_visits<Door<Right>>(0, 3, 1, 2, {.preemptions = 4, .stale_reads = 1}));
}

TEST_CASE("The last to leave a place clears it up: cells") {
    require_kept(explore_visits<Cells<Right, 63>>(1, 2, 2, 2, {.preemptions = 3, .stale_reads = 2}));
    require_kept(explore_visits<Cells<Right, 63>>(2, 2, 2, 2, {.preemptions = 3, .stale_reads = 2}));
}

TEST_CASE("The last to leave a place clears it up: cells in several words") {
    require_kept(explore_visits<Cells<Right, 1>>(2, 2, 1, 2, {.preemptions = 3, .stale_reads = 2}));
    require_kept(explore_visits<Cells<Right, 1>>(2, 3, 1, 1, {.preemptions = 3, .stale_reads = 1}));
}

TEST_CASE("What a look showed is taken from the connection that it was") {
    require_kept(explore_served(Rule::all, 1, 2, 1, {.preemptions = 3, .stale_reads = 2}));
    require_kept(explore_served(Rule::all, 2, 1, 1, {.preemptions = 2, .stale_reads = 1}));
    require_kept(explore_served(Rule::all, 2, 2, 2, {.preemptions = 2, .stale_reads = 0}));
}

TEST_CASE("Found: entering and leaving that hand nothing on") {
    require_broken(explore_visits<Door<Wrong>>(0, 1, 1, 1));
    require_broken(explore_visits<Cells<Wrong, 63>>(1, 1, 1, 1));
}

TEST_CASE("Found: a look at the connection before") {
    require_broken(explore_served(Rule::any_look, 1, 1, 1, {.preemptions = 4, .stale_reads = 2}));
}

TEST_CASE("Found: attention for a place that is open already") {
    require_broken(explore_served(Rule::late_attention, 1, 1, 1, {.preemptions = 4, .stale_reads = 2}));
}
