// SPDX-License-Identifier: Apache-2.0
#include "text.hpp"

#include "catch.hpp"

using roudictl::display_width;
using roudictl::printable;

TEST_CASE("width is counted in columns of a terminal, not in bytes") {
    CHECK(display_width("camera") == 6);
    CHECK(display_width("Müller") == 6);
    CHECK(display_width("カメラ") == 6);
    CHECK(display_width("e\u0301") == 1);
    CHECK(display_width("🚗") == 2);
    CHECK(display_width("") == 0);
}

TEST_CASE("a name cannot drive the terminal") {
    CHECK(printable("evil\033[2Jname") == "evil\\u{1B}[2Jname");
    CHECK(printable("two\nlines\tand a tab") == "two\\nlines\\tand a tab");
    CHECK(printable("turned\u202Earound") == "turned\\u{202E}around");
    CHECK(printable("c1\u009Bcontrol") == "c1\\u{9B}control");
}

TEST_CASE("what is not UTF-8 is shown as such, and the rest is kept") {
    const std::string replacement = "\xEF\xBF\xBD";
    CHECK(printable("a\xFFz") == "a" + replacement + "z");
    CHECK(printable("cut \xE3\x82") == "cut " + replacement + replacement);
    CHECK(printable("\xC0\x80") == replacement + replacement);
    CHECK(printable("surrogate \xED\xA0\x80") == "surrogate " + replacement + replacement + replacement);
    CHECK(printable("Grüße, カメラ") == "Grüße, カメラ");
}
