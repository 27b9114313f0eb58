// SPDX-License-Identifier: Apache-2.0
#include "available_memory.hpp"

#include <algorithm>
#include <fstream>
#include <limits>
#include <optional>
#include <string_view>

namespace ipc::shm {

namespace {

constexpr std::uint64_t no_limit = std::numeric_limits<std::uint64_t>::max();

// The number behind `key` in a file of lines "key number"; the first number where there is no key.
std::optional<std::uint64_t> number_in(const std::string& path, std::string_view key = {}) {
    std::ifstream file{path};
    for (std::string word; file >> word;) {
        if (!key.empty() && word != key) continue;
        if (!key.empty() && !(file >> word)) break;
        if (word.empty() || word.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
        return std::stoull(word);
    }
    return std::nullopt;
}

// The path below the mount of the unified hierarchy: the line "0::PATH".
std::string control_group(const std::string& root) {
    std::ifstream file{root + "/proc/self/cgroup"};
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("0::")) return line.substr(3);
    return {};
}

// What one group leaves. Its file cache would make room.
std::uint64_t left_in(const std::string& group) {
    const auto most = number_in(group + "/memory.max");
    if (!most) return no_limit;  // "max", or there is no such control
    const std::uint64_t used = number_in(group + "/memory.current").value_or(0);
    const std::uint64_t cache = number_in(group + "/memory.stat", "inactive_file").value_or(0) +
                                number_in(group + "/memory.stat", "active_file").value_or(0);
    const std::uint64_t kept = used - std::min(used, cache);
    return *most - std::min(*most, kept);
}

}  // namespace

std::uint64_t available_memory(const std::string& root) {
    std::uint64_t least = no_limit;
    if (const auto kibibytes = number_in(root + "/proc/meminfo", "MemAvailable:")) least = *kibibytes * 1024;
    // Each group is bounded by those it is in.
    for (std::string path = control_group(root); path.size() > 1; path.resize(path.rfind('/')))
        least = std::min(least, left_in(root + "/sys/fs/cgroup" + path));
    return least;
}

}  // namespace ipc::shm
