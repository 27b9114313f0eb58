// SPDX-License-Identifier: Apache-2.0
#include "table.hpp"

#include "catch.hpp"

using roudictl::Align;
using roudictl::Cell;
using roudictl::Style;
using roudictl::Table;
using roudictl::Tone;

namespace {

Table two_columns() {
    Table table;
    table.add_column("NAME");
    table.add_column("SIZE", Align::Right);
    return table;
}

}  // namespace

TEST_CASE("columns are aligned by what is seen") {
    auto table = two_columns();
    table.add_row({"カメラ", "8 B"});
    table.add_row({"a", "1023 KiB"});
    CHECK(table.render(Style{false}) ==
          "NAME        SIZE\n"
          "カメラ       8 B\n"
          "a       1023 KiB\n");
}

TEST_CASE("nothing stands behind the last word of a line") {
    Table table;
    table.add_column("A");
    table.add_column("B");
    table.add_row({"long value", ""});
    CHECK(table.render(Style{false}) == "A           B\nlong value\n");
}

TEST_CASE("colour changes nothing about the alignment") {
    auto table = two_columns();
    table.add_row({Cell{"x", Tone::Name}, "1 B"});
    CHECK(table.render(Style{true}) ==
          "\033[1mNAME\033[0m  \033[1mSIZE\033[0m\n"
          "\033[36mx\033[0m      1 B\n");
}

TEST_CASE("a cell shows escapes instead of doing them") {
    auto table = two_columns();
    table.add_row({"a\nb", "1 B"});
    CHECK(table.render(Style{false}) == "NAME  SIZE\na\\nb   1 B\n");
}
