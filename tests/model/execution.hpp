// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hash.hpp"
#include "task.hpp"
#include "view.hpp"
#include "workspace.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace model {

// How far an exploration goes away from "one task after the other, everything seen at once".
struct Bounds {
    static constexpr unsigned unlimited = 1000;
    unsigned preemptions = unlimited;  // switches away from a task that could go on
    unsigned stale_reads = unlimited;  // loads that return something older than the newest store
    unsigned deaths = 0;               // tasks that end in the middle

    friend bool operator==(const Bounds&, const Bounds&) = default;
    bool within(const Bounds& other) const {
        return preemptions <= other.preemptions && stale_reads <= other.stale_reads && deaths <= other.deaths;
    }
};

// Who decides at each fork of an execution, and whether what comes has been looked at already.
class Guide {
 public:
    virtual ~Guide() = default;
    virtual std::size_t choose(std::size_t count) = 0;
    virtual bool seen(std::uint64_t state, const Bounds& left) = 0;
};

// One execution: tasks that take turns at every access to shared memory, over a memory in which a store is
// seen late. Every location keeps all its stores; a load may return any that the loading task is not yet
// bound to know to be outdated. What it is bound to know is its view; release stores and fences hand views
// on, acquires take them over, as in C++ (without load buffering: nothing is read before it was written). So
// both the store buffers of x86 and the free order of relaxed stores on ARM are within.
class Execution {
 public:
    Execution(Guide& guide, const Bounds& bounds, Workspace& workspace);
    Execution(const Execution&) = delete;
    Execution& operator=(const Execution&) = delete;
    ~Execution();

    // For the scenario, before the run. `mortal`: may die at any step, as far as the bounds allow.
    std::size_t task(std::string name, std::function<void()> body, bool mortal = false);
    void at_end(std::function<void()> check) { end_check_ = std::move(check); }
    // State that tasks share outside the modelled memory, so that
    // two states that differ in it are told apart.
    void watch(const std::uint64_t* words, std::size_t count) { watched_.push_back({words, count}); }

    void run();
    const std::string& violation() const { return violation_; }
    std::string trace() const;

    // For the running task (or for the scenario, outside the run).
    void require(bool holds, std::string_view promise);
    void block_until(std::function<bool()> condition);
    // What a location is in the end, whoever has seen it: for conditions, not for tasks.
    std::uint64_t newest_value(Location location) { return newest(location).value; }
    bool died(std::size_t task) const { return tasks_[task].died; }
    bool over(std::size_t task) const { return tasks_[task].over; }

    // For the policy.
    Location location_at(const std::byte* address);
    Location new_location(std::uint64_t value);
    std::uint64_t load(Location, std::memory_order);
    void store(Location, std::uint64_t value, std::memory_order);
    template <class Change>  // Change: (old) -> optional new value
    std::uint64_t modify(Location, std::memory_order success, std::memory_order failure, Change&&);
    void acquire_fence();
    void release_fence();
    void full_fence();
    void heavy_fence();
    // Accesses that must not race: ordered by happens-before, or the execution is a violation.
    std::uint64_t plain_read(Location);
    void plain_write(Location, std::uint64_t value);

    static Execution& current();

 private:
    struct Step {
        std::size_t task;
        const char* what;
        Location location;
        std::uint64_t value;
    };
    struct Watched {
        const std::uint64_t* words;
        std::size_t count;
    };

    void prepare(std::size_t task);
    void step();  // before every access: somebody else may go first
    void pass_on();
    [[noreturn]] void abandon();
    bool runnable(std::size_t task) const;
    std::uint64_t state() const;
    Task& self() { return tasks_[current_]; }
    Cell& cell(Location location) { return workspace_.cells[location]; }
    Message& newest(Location location) { return cell(location).messages.back(); }
    void append(Location, std::uint64_t value, const View& view);
    static void spend(unsigned& allowance);
    void learn(std::uint64_t what);
    void note(const char* what, Location location, std::uint64_t value);

    Guide& guide_;
    Bounds left_;
    Workspace& workspace_;
    std::vector<Task> tasks_;  // the scenario itself is the first
    std::size_t current_ = 0;
    bool running_ = false;
    bool abandoned_ = false;
    bool chosen_already_ = false;    // who begins was chosen to take its first step
    std::size_t own_locations_ = 0;  // those without an address, numbered from 0; the others from the top
    View sequential_;                // of the last full fence
    std::uint64_t memory_hash_ = 0;
    std::vector<Watched> watched_;
    std::function<void()> end_check_;
    std::string violation_;
    std::vector<Step> steps_;
    std::vector<std::size_t> candidates_;
};

inline bool acquires(std::memory_order order) {
    return order != std::memory_order_relaxed && order != std::memory_order_release;
}
inline bool releases(std::memory_order order) {
    return order == std::memory_order_release || order == std::memory_order_acq_rel ||
           order == std::memory_order_seq_cst;
}

template <class Change>
std::uint64_t Execution::modify(Location location, std::memory_order success, std::memory_order failure,
                                Change&& change) {
    step();
    Message const last = newest(location);  // atomic: nothing comes between what it reads and what it writes
    auto const wanted = change(last.value);
    Task& task = self();
    task.view.of(location) = static_cast<Time>(cell(location).messages.size() - 1);
    (acquires(wanted ? success : failure) ? task.view : task.to_acquire).join(last.view);
    learn(mix(last.value, cell(location).messages.size()));
    if (!wanted) {
        note("found", location, last.value);
        return last.value;
    }
    task.view.of(location) = static_cast<Time>(cell(location).messages.size());
    View view = releases(success) ? task.view : task.released;
    view.join(last.view);  // a release sequence goes through it
    append(location, *wanted, view);
    note("modified", location, *wanted);
    return last.value;
}

}  // namespace model
