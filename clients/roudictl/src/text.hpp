// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace roudictl {

// Columns of a terminal that the text takes: two for East Asian wide characters and emoji, none for combining
// marks. A table of our own, because wcwidth() answers for the locale, and a piped program often has none.
std::size_t display_width(std::string_view utf8);

// Names come from processes we know nothing of: what would move a cursor, end a line or turn the direction of
// writing is shown as an escape instead of being done, and what is not UTF-8 as U+FFFD.
std::string printable(std::string_view text);

}  // namespace roudictl
