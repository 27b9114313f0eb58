// SPDX-License-Identifier: Apache-2.0
#include "rounds.hpp"

#include <array>
#include <cmath>
#include <limits>

namespace bench {

namespace {

// As far as the machines seen so far go: two threads of one core, 33 ns; two cores that share a cache, 60;
// two that do not, 250. perf/run/rounds.py has the same.
struct Distance {
    std::string_view name;
    double below_ns;
};
constexpr std::array<Distance, 3> distances{
    {{"siblings", 45}, {"near", 125}, {"far", std::numeric_limits<double>::infinity()}}};

std::string_view distance_of(const Round& round) {
    for (const Distance& distance : distances)
        if (round.bare() < distance.below_ns) return distance.name;
    return distances.back().name;
}

}  // namespace

void Rounds::add(const Round& round) {
    constexpr double tolerated_change = 0.2;
    if (std::abs(round.bare_after - round.bare_before) > tolerated_change * round.bare_before)
        ++dropped_;
    else
        rounds_.push_back(round);
}

std::size_t Rounds::counted() const {
    std::size_t sum = 0;
    for (const Round& round : rounds_) sum += static_cast<std::size_t>(round.counted);
    return sum;
}

std::vector<std::pair<std::string_view, Rounds>> Rounds::by_distance() const {
    std::vector<std::pair<std::string_view, Rounds>> result;
    for (const Distance& distance : distances) {
        Rounds there;
        there.dropped_ = dropped_;
        for (const Round& round : rounds_)
            if (distance_of(round) == distance.name) there.rounds_.push_back(round);
        if (there.kept() != 0) result.emplace_back(distance.name, std::move(there));
    }
    if (result.empty()) result.emplace_back("", *this);
    return result;
}

}  // namespace bench
