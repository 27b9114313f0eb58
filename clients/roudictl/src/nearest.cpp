// SPDX-License-Identifier: Apache-2.0
#include "nearest.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <numeric>

namespace roudictl {
namespace {

char lower(char letter) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
}

// Levenshtein's distance; the case of a letter does not count.
std::size_t distance(std::string_view left, std::string_view right) {
    std::vector<std::size_t> previous(right.size() + 1);
    std::iota(previous.begin(), previous.end(), std::size_t{0});
    for (std::size_t row = 1; row <= left.size(); ++row) {
        std::vector<std::size_t> current(right.size() + 1, row);
        for (std::size_t column = 1; column <= right.size(); ++column) {
            const std::size_t change = lower(left[row - 1]) == lower(right[column - 1]) ? 0 : 1;
            current[column] =
                std::min({previous[column] + 1, current[column - 1] + 1, previous[column - 1] + change});
        }
        previous = std::move(current);
    }
    return previous.back();
}

}  // namespace

std::optional<std::string> nearest(std::string_view wanted, const std::vector<std::string>& known) {
    std::optional<std::string> found;
    std::size_t best = std::max<std::size_t>(2, wanted.size() / 3) + 1;
    for (const auto& name : known) {
        const auto difference =
            name.size() > wanted.size() ? name.size() - wanted.size() : wanted.size() - name.size();
        if (difference >= best) continue;
        if (const auto steps = distance(wanted, name); steps < best) {
            best = steps;
            found = name;
        }
    }
    return found;
}

}  // namespace roudictl
