// SPDX-License-Identifier: Apache-2.0
#include "names.hpp"

namespace ipc::detail {

namespace {

// The length of the well-formed UTF-8 sequence at the beginning, or 0: no overlong forms, no surrogates,
// nothing above U+10FFFF.
std::size_t sequence_length(std::string_view text) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : static_cast<unsigned char>(0);
    };
    const auto continues = [&](std::size_t i) { return (byte(i) & 0xc0) == 0x80; };
    const unsigned first = byte(0);
    if (first < 0x80) return 1;
    if (first >= 0xc2 && first <= 0xdf) return continues(1) ? 2 : 0;
    if (first >= 0xe0 && first <= 0xef) {
        const bool overlong = first == 0xe0 && byte(1) < 0xa0;
        const bool surrogate = first == 0xed && byte(1) >= 0xa0;
        return continues(1) && continues(2) && !overlong && !surrogate ? 3 : 0;
    }
    if (first >= 0xf0 && first <= 0xf4) {
        const bool overlong = first == 0xf0 && byte(1) < 0x90;
        const bool too_high = first == 0xf4 && byte(1) >= 0x90;
        return continues(1) && continues(2) && continues(3) && !overlong && !too_high ? 4 : 0;
    }
    return 0;
}

std::optional<std::size_t> first_byte_that_is_no_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = sequence_length(text.substr(at));
        if (length == 0) return at;
        at += length;
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string> why_no_text(const std::string& subject, std::string_view text,
                                       std::uint64_t shortest, std::uint64_t longest) {
    if (text.size() < shortest || text.size() > longest)
        return subject + " has " + std::to_string(text.size()) + " bytes, and " + std::to_string(shortest) +
               " to " + std::to_string(longest) + " are allowed";
    if (const auto nul = text.find('\0'); nul != std::string_view::npos)
        return subject + " has a NUL at byte " + std::to_string(nul) + ", and none is allowed";
    if (const auto at = first_byte_that_is_no_utf8(text))
        return subject + " is not UTF-8 at byte " + std::to_string(*at);
    return std::nullopt;
}

std::optional<std::string> why_invalid(std::string_view what, std::string_view name, std::uint64_t shortest,
                                       std::uint64_t longest) {
    return why_no_text("the name of the " + std::string{what}, name, shortest, longest);
}

}  // namespace ipc::detail
