// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "crash/survivors.hpp"
#include "crash/traces.hpp"
#include "crash/victim.hpp"
#include "harness/broker_process.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace crash {

using Operations = std::vector<std::string>;

// Has the operations of mortal processes cut off by SIGKILL, before each of their steps and after the last,
// and survivors look for what is missing, torn or left behind. What they find is printed and counted.
class Sweep {
 public:
    using Cast = std::function<std::unique_ptr<Survivors>(const std::string& socket)>;

    Sweep(std::string title, Cast cast) : title_{std::move(title)}, cast_{std::move(cast)} {}
    // Prints the figures.
    ~Sweep();

    // How long a mortal process waits for a counterpart that does not answer when it creates a port. The
    // default is never reached: everybody else lives. Of two that die, one may wait for the other.
    void set_creation_bound(std::chrono::nanoseconds bound) { creation_bound_ = bound; }

    void every_step(const Operations& operations);

    // Two processes: one stands before a step of his while the other goes to one of hers; then both die, in
    // either order. Every step with every other, but for those before which nothing has changed for anybody
    // else since the step before; or so many for each two operations by chance.
    void every_pair(const Operations& first, const Operations& second);
    void some_pairs(const Operations& first, const Operations& second, std::size_t count);

    std::uint64_t violations() const { return violations_; }

 private:
    struct Stage {
        explicit Stage(const Cast& cast);
        harness::BrokerProcess broker;
        std::unique_ptr<Survivors> survivors;
        Traces traces;
        Victim first;
        Victim second;
    };
    struct Cut {
        const std::string& operation;
        std::uint64_t step;
    };

    Stage& stage();
    Victim::Relief relief();
    bool cut(Victim& victim, const Cut& cut);
    void bury(std::uint64_t done);
    bool one(const Cut& only);
    std::pair<bool, bool> two(const Cut& first, const Cut& second);
    std::uint64_t steps_of(const std::string& operation);
    // The step before it was a mere look.
    bool is_as_before(const std::string& operation, std::uint64_t step) const;
    void found(const std::string& violation);

    const std::string title_;
    const Cast cast_;
    std::chrono::nanoseconds creation_bound_{std::chrono::minutes{1}};
    std::optional<Stage> stage_;
    std::map<std::string, std::uint64_t> steps_;  // of each operation
    std::map<std::string, std::string> kinds_;    // likewise
    std::uint64_t pairs_ = 0;
    std::uint64_t deaths_ = 0;
    std::uint64_t violations_ = 0;
};

// What chance begins with: CRASH_SEED from the environment, else another each time. Printed once.
std::uint64_t seed();

}  // namespace crash
