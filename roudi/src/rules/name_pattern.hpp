// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace roudi {

// Whether a text is what a pattern describes: * is any text, ? any character, and everything else itself.
// Steps at most as often as the product of the lengths, for clients choose the text.
constexpr bool matches(std::string_view pattern, std::string_view text) {
    constexpr std::size_t none = std::string_view::npos;
    std::size_t star = none;  // the last * that was met
    std::size_t behind = 0;   // where the text behind what it stands for begins
    std::size_t in_pattern = 0;
    std::size_t in_text = 0;
    while (in_text < text.size()) {
        if (in_pattern < pattern.size() && pattern[in_pattern] == '*') {
            star = in_pattern++;
            behind = in_text;
        } else if (in_pattern < pattern.size() &&
                   (pattern[in_pattern] == '?' || pattern[in_pattern] == text[in_text])) {
            ++in_pattern;
            ++in_text;
        } else if (star != none) {
            in_pattern = star + 1;
            in_text = ++behind;
        } else {
            return false;
        }
    }
    while (in_pattern < pattern.size() && pattern[in_pattern] == '*') ++in_pattern;
    return in_pattern == pattern.size();
}

}  // namespace roudi
