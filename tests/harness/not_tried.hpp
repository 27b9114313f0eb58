// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace harness {

// What a program of tests returns if none failed and one could not be tried: CTest shows it as skipped
// (`may_be_skipped` in tests/CMakeLists.txt).
inline constexpr int skipped = 77;

// The current case cannot show what it promises on this machine. The program says so again at its end, and
// counts as skipped.
void not_tried(const std::string& why);
// Likewise, where the usual machine lacks what it takes: the program only says so.
void left_out(const std::string& why);

// What to return instead of `result`; prints what was not tried.
int accounted_for(int result);

}  // namespace harness
