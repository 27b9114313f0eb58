// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "harness/process.hpp"

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <string>

// What a process has.
namespace restart {

struct Use {
    std::size_t descriptors = 0;
    std::size_t mappings = 0;
    std::uint64_t threads = 0;
    std::uint64_t kilobytes = 0;  // resident, and nobody else's: neither segments nor code
};

// Of /proc/PID/status.
inline std::uint64_t status_number(pid_t pid, const std::string& name) {
    std::ifstream status{"/proc/" + std::to_string(pid) + "/status"};
    for (std::string word; status >> word;)
        if (word == name + ":") {
            std::uint64_t number = 0;
            status >> number;
            return number;
        }
    throw std::runtime_error{"no " + name + " of process " + std::to_string(pid)};
}

inline Use use_of(pid_t pid) {
    return {.descriptors = harness::open_descriptors(pid),
            .mappings = harness::mappings_with(pid, "ipc-"),
            .threads = status_number(pid, "Threads"),
            .kilobytes = status_number(pid, "RssAnon")};
}

inline void print(const char* who, const Use& before, const Use& after) {
    std::printf(
        "%s: %zu descriptors before, %zu after; %zu and %zu mappings; %llu and %llu threads; %llu and %llu "
        "KiB\n",
        who, before.descriptors, after.descriptors, before.mappings, after.mappings,
        static_cast<unsigned long long>(before.threads), static_cast<unsigned long long>(after.threads),
        static_cast<unsigned long long>(before.kilobytes), static_cast<unsigned long long>(after.kilobytes));
}

}  // namespace restart
