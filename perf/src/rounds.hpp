// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace bench {

// What one round measured, all within the same fraction of a second; nanoseconds each.
struct Round {
    double bare_before = 0;
    double reference = 0;
    double product = 0;
    double bare_after = 0;
    int counted = 0;  // of what `product` is a figure: exchanges, messages

    double bare() const { return (bare_before + bare_after) / 2; }
};

// Virtual machines move between near and far cores, and neighbours come and go. So a figure is compared only
// with its round's own yardsticks, and a round during which the machine changed is dropped.
class Rounds {
 public:
    void add(const Round& round);

    std::size_t kept() const { return rounds_.size(); }
    std::size_t dropped() const { return dropped_; }
    // How much is behind the rounds that were kept.
    std::size_t counted() const;

    // Those that counted, each kind by itself, by how far apart the cores of the moment were: a name, and its
    // rounds. Where none counted, there is one without a name. For rounds whose yardstick is the bare
    // ping-pong.
    std::vector<std::pair<std::string_view, Rounds>> by_distance() const;

    // Of what a function makes of each kept round; throws where none was kept.
    template <class Figure>
    std::vector<double> each(Figure&& figure) const {
        std::vector<double> result;
        result.reserve(rounds_.size());
        for (const Round& round : rounds_) result.push_back(figure(round));
        return result;
    }

 private:
    std::vector<Round> rounds_;
    std::size_t dropped_ = 0;
};

}  // namespace bench
