// SPDX-License-Identifier: Apache-2.0
#include "harness/not_tried.hpp"

#include "catch.hpp"

#include <cstdio>
#include <set>

namespace harness {

namespace {

struct Untried {
    std::set<std::string> lines;  // once each: a case may have several parts that want the same
    bool counts = false;
};

Untried& untried() {
    static Untried all;
    return all;
}

void add(const std::string& why) {
    WARN("not tried: " << why);
    untried().lines.insert("\"" + Catch::getResultCapture().getCurrentTestName() + "\": " + why);
}

}  // namespace

void not_tried(const std::string& why) {
    add(why);
    untried().counts = true;
}

void left_out(const std::string& why) {
    add(why);
}

int accounted_for(int result) {
    for (const std::string& line : untried().lines) std::printf("not tried: %s\n", line.c_str());
    return result == 0 && untried().counts ? skipped : result;
}

}  // namespace harness
