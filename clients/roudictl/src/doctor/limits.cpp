// SPDX-License-Identifier: Apache-2.0
#include "doctor/limits.hpp"

#include "units.hpp"

#include <sys/resource.h>

#include <fstream>

namespace roudictl {
namespace {

// A connection takes three descriptors and two mappings in each of its two processes.
constexpr std::uint64_t enough_descriptors = 1024;
constexpr std::uint64_t enough_mappings = 65530;  // the kernel's default
constexpr std::uint64_t enough_locked = std::uint64_t{8} << 20;

std::string amount(rlim_t limit) {
    return limit == RLIM_INFINITY ? "unlimited" : std::to_string(limit);
}

Finding descriptors() {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    const auto text = amount(limit.rlim_cur) + " (at most " + amount(limit.rlim_max) + ")";
    if (limit.rlim_cur >= enough_descriptors) return {Verdict::Ok, "descriptors", text, ""};
    return {Verdict::Warn, "descriptors", text,
            "A node with many connections needs more: ulimit -n 4096, or LimitNOFILE= in its unit"};
}

Finding mappings() {
    std::uint64_t count = 0;
    std::ifstream file{"/proc/sys/vm/max_map_count"};
    if (!(file >> count)) {
        return {Verdict::Warn, "mappings", "vm.max_map_count cannot be read",
                "Look at it where /proc/sys is visible: sysctl vm.max_map_count"};
    }
    const auto text = std::to_string(count) + " in a process (vm.max_map_count)";
    if (count >= enough_mappings) return {Verdict::Ok, "mappings", text, ""};
    return {Verdict::Warn, "mappings", text,
            "A node with thousands of connections needs more: sysctl vm.max_map_count=65530"};
}

Finding locked_memory() {
    rlimit limit{};
    getrlimit(RLIMIT_MEMLOCK, &limit);
    const auto text =
        limit.rlim_cur == RLIM_INFINITY ? std::string{"unlimited"} : bytes_for_people(limit.rlim_cur);
    if (limit.rlim_cur >= enough_locked) return {Verdict::Ok, "locked memory", text, ""};
    return {Verdict::Warn, "locked memory", text,
            "Matters only for programs that lock their memory (mlockall): ulimit -l, or LimitMEMLOCK="};
}

}  // namespace

Findings check_limits() {
    return {descriptors(), mappings(), locked_memory()};
}

}  // namespace roudictl
