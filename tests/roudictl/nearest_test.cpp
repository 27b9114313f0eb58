// SPDX-License-Identifier: Apache-2.0
#include "nearest.hpp"

#include "catch.hpp"

using roudictl::nearest;

TEST_CASE("a slip finds the name that was meant") {
    const std::vector<std::string> known{"My/Funk/ServiceName", "camera/front", "camera/rear"};
    CHECK(nearest("camera/fornt", known) == "camera/front");
    CHECK(nearest("my/funk/servicename", known) == "My/Funk/ServiceName");
}

TEST_CASE("what resembles nothing gets no hint") {
    CHECK_FALSE(nearest("lidar", {"camera/front"}).has_value());
    CHECK_FALSE(nearest("anything", {}).has_value());
}
