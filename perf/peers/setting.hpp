// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace bench {

// What the two processes do: exchange messages, or the second one sends and the first one receives.
enum class Purpose : bool { exchange, flow };

// What a contestant is made for.
struct Setting {
    Purpose purpose;
    std::size_t payload;              // bytes
    std::filesystem::path directory;  // a fresh one, for sockets and the like
    std::string name;                 // for what has no place in a directory; nobody else's
};

// So many messages may be on their way in a flow, where that can be chosen.
inline std::size_t flow_depth(const Setting& setting) {
    constexpr std::size_t small = 64 * 1024 - 1, deep = 1024, shallow = 64;
    return setting.payload <= small ? deep : shallow;
}

}  // namespace bench
