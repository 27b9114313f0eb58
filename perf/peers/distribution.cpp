// SPDX-License-Identifier: Apache-2.0
#include "distribution.hpp"

#include <boost/histogram/axis/regular.hpp>
#include <boost/histogram/histogram.hpp>
#include <boost/histogram/indexed.hpp>
#include <boost/histogram/make_histogram.hpp>

#include <cstdint>
#include <vector>

namespace bench {

namespace {

using Axis = boost::histogram::axis::regular<double, boost::histogram::axis::transform::log>;
constexpr unsigned decades = 10, steps_in_a_decade = 100;
constexpr double lowest_ns = 1, highest_ns = 1e10;

}  // namespace

struct Distribution::Histogram {
    using Counts = std::vector<std::uint64_t>;
    decltype(boost::histogram::make_histogram_with(Counts{}, std::declval<Axis>())) counts =
        boost::histogram::make_histogram_with(Counts{},
                                              Axis{decades * steps_in_a_decade, lowest_ns, highest_ns});
};

Distribution::Distribution() : histogram_{std::make_unique<Histogram>()} {}
Distribution::~Distribution() = default;

void Distribution::add(double nanoseconds) {
    histogram_->counts(nanoseconds);
}

nlohmann::ordered_json Distribution::steps() const {
    auto result = nlohmann::ordered_json::array();
    for (auto&& step : boost::histogram::indexed(histogram_->counts))
        if (*step != 0) result.push_back({step.bin().upper(), static_cast<std::uint64_t>(*step)});
    return result;
}

}  // namespace bench
