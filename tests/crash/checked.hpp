// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace crash {

// Who wrote something: those that live, and those that die.
enum class Author : std::uint64_t { survivor, mortal, successor };

// A payload that says by itself whether it is whole.
template <std::size_t Words>
struct Checked {
    Author author;
    std::uint64_t number;
    std::array<std::uint64_t, Words> words;

    static Checked of(Author author, std::uint64_t number) {
        Checked result{.author = author, .number = number, .words = {}};
        for (std::size_t i = 0; i < Words; ++i) result.words[i] = word(author, number, i);
        return result;
    }
    bool is_whole() const {
        for (std::size_t i = 0; i < Words; ++i)
            if (words[i] != word(author, number, i)) return false;
        return true;
    }

 private:
    static std::uint64_t word(Author author, std::uint64_t number, std::size_t index) {
        const std::uint64_t mixed = (number << 20) ^ (static_cast<std::uint64_t>(author) << 60) ^ index;
        return mixed * 0x9e3779b97f4a7c15;  // odd: different numbers have different words
    }
};

using Small = Checked<3>;   // travels in the slot
using Large = Checked<30>;  // by reference

}  // namespace crash
