// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wire/messages.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace roudi {

// A list that is answered in pieces, so that neither a frame nor the broker's event loop is long.
class Page {
 public:
    // The answer is {name: [...]}.
    explicit Page(const char* name) : name_{name} {}

    bool is_full() const { return entries_ == most_entries || bytes_ >= most_bytes; }
    void add(const nlohmann::json& entry);
    // `more`: the cursor of the first entry that found no room.
    ipc::wire::Answer answer(std::optional<std::uint64_t> more) const;

 private:
    static constexpr std::size_t most_entries = 500;
    static constexpr std::size_t most_bytes = 256 * 1024;
    const char* name_;
    std::string list_;
    std::size_t entries_ = 0;
    std::size_t bytes_ = 0;
};

// Bytes that are not UTF-8 (a user's name may have some) are replaced.
std::string to_text(const nlohmann::json& json);

}  // namespace roudi
