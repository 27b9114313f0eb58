// SPDX-License-Identifier: Apache-2.0

// A lane that serves one request after another, of one connection after another, under every interleaving
// within the bounds: a request finds the connection that it was sent through, until it is over; the last to
// let go clears up, once.
#include "exploring.hpp"
#include "model_atomics.hpp"
#include "ring/borrows.hpp"
#include "ring/lane_use.hpp"
#include "wrong_orders.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

namespace {

enum class Rule {
    all,
    late_number,  // wrong: requests can begin before it is said which connection this is
    any_number,   // wrong: whoever gets in counts, whichever connection it is
};

// As a client's place does it, with one lane of one cell.
template <class Atomics>
class Lane {
    using Borrows = ipc::ring::Borrows<Atomics>;
    using Word = typename Atomics::template Atomic<std::uint64_t>;
    static constexpr std::uint64_t connections = 2;

 public:
    // `cut`: connections are not only over, nothing more is taken of them.
    Lane(Rule rule, bool cut, std::uint64_t requests) : rule_(rule), cut_(cut), requests_(requests) {}

    void operator()(model::Execution& run) {
        run_ = &run;
        use_.emplace();
        borrows_.emplace(1);
        served_.emplace(0);
        heard_.emplace(0);
        shut_.emplace(1);
        keepers_.emplace(0);
        state_.emplace(0);
        cleared_ = inside_ = 0;
        run.watch(&cleared_, 1);
        run.watch(&inside_, 1);
        run.task("control thread", [this] { keep(); });
        run.task("client", [this] { ask(); });
        run.at_end([this] { run_->require(cleared_ == connections, "every connection is cleared up"); });
    }

 private:
    model::Location memory() { return run_->location_at(memory_.data()); }

    void keep() {
        for (std::uint64_t number = 1; number <= connections; ++number) {
            run_->plain_write(memory(), number);
            keepers_->store(2, std::memory_order_relaxed);
            shut_->store(0, std::memory_order_relaxed);
            if (rule_ != Rule::late_number) served_->store(number, std::memory_order_release);
            borrows_->open();
            use_->open();
            if (rule_ == Rule::late_number) served_->store(number, std::memory_order_release);
            heard_->store(number, std::memory_order_release);
            if (cut_) shut();
            if (use_->close()) {
                shut();
                let_go();
            }
            run_->block_until([this, number] { return cleared_ == number; });
            (void)state_->exchange(0, std::memory_order_acq_rel);
        }
    }

    void ask() {
        for (std::uint64_t request = 1; request <= requests_; ++request) {
            std::uint64_t const connection = heard_->load(std::memory_order_acquire);
            if (!use_->begin(request)) continue;
            if (rule_ == Rule::any_number || served_->load(std::memory_order_acquire) == connection) {
                ++inside_;
                run_->require(run_->plain_read(memory()) == connection,
                              "a request finds the connection that it was sent through");
                take();
                --inside_;
            }
            if (use_->end()) {
                shut();
                let_go();
            }
        }
    }

    void take() {
        std::uint32_t const cell = borrows_->claim();
        if (cell == Borrows::no_cell) return;
        run_->require(run_->plain_read(memory()) != 0, "who has a cell finds the connection");
        if (borrows_->release(cell)) let_go();
    }

    void shut() {
        if (shut_->exchange(1, std::memory_order_acq_rel) != 0) return;
        if (borrows_->close()) let_go();
    }

    void let_go() {
        if (keepers_->fetch_sub(1, std::memory_order_acq_rel) != 1) return;
        run_->require(inside_ == 0, "no request is under way");
        run_->require(run_->plain_read(memory()) == cleared_ + 1, "a connection is cleared up once");
        run_->plain_write(memory(), 0);
        (void)state_->exchange(0, std::memory_order_acq_rel);
        ++cleared_;
    }

    Rule rule_;
    bool cut_;
    std::uint64_t requests_;
    std::array<std::byte, 8> memory_{};  // addresses only
    model::Execution* run_ = nullptr;
    std::optional<ipc::ring::LaneUse<Atomics>> use_;
    std::optional<Borrows> borrows_;
    std::optional<Word> served_;
    std::optional<Word> heard_;  // the connection that the client knows of
    std::optional<Word> shut_;
    std::optional<Word> keepers_;
    std::optional<Word> state_;  // of the place, free or not
    std::uint64_t cleared_ = 0;
    std::uint64_t inside_ = 0;
};

template <class Atomics = model::ModelAtomics<>>
model::Exploration explore_lane(Rule rule, bool cut, std::uint64_t requests, const model::Bounds& bounds) {
    Lane<Atomics> lane(rule, cut, requests);
    return model::explore(std::ref(lane), bounds);
}

}  // namespace

TEST_CASE("A request finds its connection, and the last to let go clears up: connections that end") {
    require_kept(explore_lane(Rule::all, false, 2, {.preemptions = 4, .stale_reads = 2}));
    require_kept(explore_lane(Rule::all, false, 3, {.preemptions = 5, .stale_reads = 2}));
}

TEST_CASE("A request finds its connection, and the last to let go clears up: connections that are cut") {
    require_kept(explore_lane(Rule::all, true, 2, {.preemptions = 4, .stale_reads = 2}));
    require_kept(explore_lane(Rule::all, true, 3, {.preemptions = 5, .stale_reads = 2}));
}

TEST_CASE("Found: a connection whose number is said too late") {
    require_broken(explore_lane(Rule::late_number, false, 2, {.preemptions = 4, .stale_reads = 2}));
}

TEST_CASE("Found: a request that does not ask which connection it got into") {
    require_broken(explore_lane(Rule::any_number, false, 2, {.preemptions = 4, .stale_reads = 2}));
}

TEST_CASE("Found: a request that ends and hands nothing on") {
    require_broken(explore_lane<model::ModelAtomics<model::RelaxedExchanges>>(Rule::all, false, 1, {}));
}
