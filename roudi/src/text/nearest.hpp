// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string_view>
#include <utility>
#include <vector>

namespace roudi {

// Insertions, deletions and replacements that make one text of the other (Levenshtein).
inline std::size_t edit_distance(std::string_view left, std::string_view right) {
    std::vector<std::size_t> row(right.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < left.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < right.size(); ++j) {
            const std::size_t replaced = diagonal + (left[i] == right[j] ? 0U : 1U);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

// Keeps the candidate that is most like what was asked for.
class Nearest {
 public:
    explicit Nearest(std::string_view asked) : asked_{asked} {}

    void consider(std::string_view candidate) {
        // The cost grows with the product of the lengths, and somebody else chose them.
        if (asked_.size() > longest || candidate.size() > longest) return;
        const std::size_t distance = edit_distance(asked_, candidate);
        if (distance >= distance_) return;
        distance_ = distance;
        candidate_ = candidate;
    }
    // Empty if nothing is similar: half of it would have to change.
    std::string_view found() const {
        return distance_ <= std::max<std::size_t>(asked_.size() / 2, 1) ? candidate_ : std::string_view{};
    }

 private:
    static constexpr std::size_t longest = 255;
    std::string_view asked_;
    std::string_view candidate_;
    std::size_t distance_ = static_cast<std::size_t>(-1);
};

}  // namespace roudi
