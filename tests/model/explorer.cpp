// SPDX-License-Identifier: Apache-2.0
#include "explorer.hpp"

#include <random>
#include <unordered_map>
#include <vector>

namespace model {

namespace {

// Follows the choices of the execution before up to the last one that has an alternative, and takes that.
class DepthFirst final : public Guide {
 public:
    std::size_t choose(std::size_t count) override {
        if (depth_ == choices_.size()) choices_.push_back({0, count});
        return choices_[depth_++].chosen;
    }

    bool seen(std::uint64_t state, const Bounds& left) override {
        // The way to the new choice has been gone before, of course. The state is looked up only behind it.
        if (depth_ < retraced_) return false;
        auto [entry, is_new] = states_.try_emplace(state, left);
        if (is_new) return false;
        if (left.within(entry->second)) return true;
        entry->second = left;
        return false;
    }

    bool next() {
        while (!choices_.empty() && choices_.back().chosen + 1 == choices_.back().count) choices_.pop_back();
        if (choices_.empty()) return false;
        ++choices_.back().chosen;
        retraced_ = choices_.size();
        depth_ = 0;
        return true;
    }

    std::size_t states() const { return states_.size(); }

 private:
    struct Choice {
        std::size_t chosen;
        std::size_t count;
    };
    std::vector<Choice> choices_;
    std::size_t depth_ = 0;
    std::size_t retraced_ = 0;
    std::unordered_map<std::uint64_t, Bounds> states_;
};

class ByChance final : public Guide {
 public:
    explicit ByChance(std::uint64_t seed) : random_(seed) {}
    // Half of the time the first: the same task goes on and sees the newest, or nothing would get anywhere.
    std::size_t choose(std::size_t count) override {
        std::uint64_t const dice = random_();
        return (dice & 1) != 0 ? 0 : static_cast<std::size_t>((dice >> 1) % count);
    }
    bool seen(std::uint64_t, const Bounds&) override { return false; }

 private:
    std::mt19937_64 random_;
};

std::string run_once(const Scenario& scenario, Guide& guide, const Bounds& bounds, Workspace& workspace) {
    Execution execution(guide, bounds, workspace);
    scenario(execution);
    execution.run();
    return execution.violation().empty() ? "" : execution.violation() + "\n" + execution.trace();
}

}  // namespace

Exploration explore(const Scenario& scenario, const Bounds& bounds, std::uint64_t max_executions) {
    DepthFirst guide;
    Workspace workspace;
    Exploration result;
    do {
        ++result.executions;
        result.violation = run_once(scenario, guide, bounds, workspace);
        result.complete = result.violation.empty() && !guide.next();
    } while (!result.complete && result.violation.empty() && result.executions < max_executions);
    result.states = guide.states();
    return result;
}

Exploration wander(const Scenario& scenario, const Bounds& bounds, std::uint64_t executions,
                   std::uint64_t seed) {
    ByChance guide(seed);
    Workspace workspace;
    Exploration result;
    while (result.violation.empty() && result.executions < executions) {
        ++result.executions;
        result.violation = run_once(scenario, guide, bounds, workspace);
    }
    return result;
}

}  // namespace model
