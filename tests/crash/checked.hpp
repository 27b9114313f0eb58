// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace crash {

// Who wrote something: those that live, and those that die.
enum class Author : std::uint64_t { survivor, mortal, successor };

// What stands where in something of theirs.
inline std::uint64_t checked_word(Author author, std::uint64_t number, std::size_t index) {
    const std::uint64_t mixed = (number << 20) ^ (static_cast<std::uint64_t>(author) << 60) ^ index;
    return mixed * 0x9e3779b97f4a7c15;  // odd: different numbers have different words
}

// A payload that says by itself whether it is whole.
template <std::size_t Words>
struct Checked {
    Author author;
    std::uint64_t number;
    std::array<std::uint64_t, Words> words;

    static Checked of(Author author, std::uint64_t number) {
        Checked result{.author = author, .number = number, .words = {}};
        for (std::size_t i = 0; i < Words; ++i) result.words[i] = checked_word(author, number, i);
        return result;
    }
    bool is_whole() const {
        for (std::size_t i = 0; i < Words; ++i)
            if (words[i] != checked_word(author, number, i)) return false;
        return true;
    }
};

using Small = Checked<3>;   // travels in the slot
using Large = Checked<30>;  // by reference

// Travels as a slice: every other one in the data segment that a port begins with, and the others in what it
// grows.
class Words {
 public:
    static constexpr std::uint64_t short_length = 16;
    static constexpr std::uint64_t long_length = 40;
    // From this number on, long ones have eight lengths in turn, each of which needs a segment of its own.
    static constexpr std::uint64_t growing = std::uint64_t{1} << 32;
    static bool is_long(std::uint64_t number) { return number % 2 == 0; }

    static Words of(Author author, std::uint64_t number) {
        std::vector<std::uint64_t> all(length_of(number));
        all[0] = static_cast<std::uint64_t>(author);
        all[1] = number;
        for (std::size_t i = 2; i < all.size(); ++i) all[i] = checked_word(author, number, i);
        return Words{std::move(all)};
    }
    explicit Words(std::vector<std::uint64_t> all)
        : author{static_cast<Author>(all.at(0))}, number{all.at(1)}, all_{std::move(all)} {}

    bool is_whole() const {
        for (std::size_t i = 2; i < all_.size(); ++i)
            if (all_[i] != checked_word(author, number, i)) return false;
        return all_.size() == length_of(number);
    }
    std::span<const std::uint64_t> all() const { return all_; }

    Author author;
    std::uint64_t number;

 private:
    static std::uint64_t length_of(std::uint64_t number) {
        if (!is_long(number)) return short_length;
        return number > growing ? long_length + 32 * (number / 2 % 8) : long_length;
    }

    std::vector<std::uint64_t> all_;
};

}  // namespace crash
