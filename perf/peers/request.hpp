// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../src/bare.hpp"
#include "setting.hpp"

#include <nlohmann/json.hpp>

#include <sched.h>

#include <array>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace bench {

struct Contestant {
    const char* name;
    const char* how;
    std::size_t largest;
    bool flows = true;  // it can carry many messages without losing any
};

// What one run of a contestant's program was asked for.
struct Request {
    Purpose purpose = Purpose::exchange;
    std::size_t payload = 8;
    double milliseconds = 30;  // for each figure
    std::array<int, 2> cores{};
    std::filesystem::path directory;
    cpu_set_t everywhere{};

    Setting setting() const;

    // The bare ping-pong goes on where it was, in each of the two processes.
    Bare& bare(BareWords& words, bool first) const;

    template <class Action>
    void unpinned(Action&& action) const {
        cpu_set_t pinned;
        sched_getaffinity(0, sizeof pinned, &pinned);
        sched_setaffinity(0, sizeof everywhere, &everywhere);
        action();
        sched_setaffinity(0, sizeof pinned, &pinned);
    }
};

// Reads the command line, lets `measure` add rows, and prints them as one JSON object.
int run(int argc, char** argv, const Contestant& contestant,
        const std::function<void(const Request&, nlohmann::ordered_json&)>& measure);

}  // namespace bench
