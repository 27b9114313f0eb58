// SPDX-License-Identifier: Apache-2.0
#include "units.hpp"

#include "catch.hpp"

#include <limits>

using roudictl::bytes_for_people;
using roudictl::duration_for_people;

TEST_CASE("bytes have a unit and at most four digits") {
    CHECK(bytes_for_people(0) == "0 B");
    CHECK(bytes_for_people(1023) == "1023 B");
    CHECK(bytes_for_people(1024) == "1 KiB");
    CHECK(bytes_for_people(1536) == "1.5 KiB");
    CHECK(bytes_for_people(16 * 1024 * 1024) == "16 MiB");
    CHECK(bytes_for_people(1024 * 1024 - 1) == "1 MiB");
    CHECK(bytes_for_people(std::numeric_limits<std::uint64_t>::max()) == "16 EiB");
}

TEST_CASE("a duration has its two largest units") {
    CHECK(duration_for_people(0) == "0 s");
    CHECK(duration_for_people(59) == "59 s");
    CHECK(duration_for_people(185) == "3 min 5 s");
    CHECK(duration_for_people(7200) == "2 h");
    CHECK(duration_for_people(4 * 86400 + 3600 + 59) == "4 d 1 h");
}

TEST_CASE("nanoseconds are shown in the unit that says most") {
    using roudictl::nanoseconds_for_people;
    CHECK(nanoseconds_for_people(0) == "0 ns");
    CHECK(nanoseconds_for_people(250) == "250 ns");
    CHECK(nanoseconds_for_people(7'000'000) == "7 ms");
    CHECK(nanoseconds_for_people(1'500'000'000) == "1.5 s");
    CHECK(nanoseconds_for_people(999'700'000) == "1 s");
    CHECK(nanoseconds_for_people(3'600'000'000'000) == "1 h");
    CHECK(nanoseconds_for_people(~std::uint64_t{0}) ==
          duration_for_people(~std::uint64_t{0} / 1'000'000'000));
}
