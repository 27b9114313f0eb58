// SPDX-License-Identifier: Apache-2.0
#include "text_writer.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace ipc::wire {

void append_json_string(std::string& text, std::string_view value) {
    const bool plain = std::all_of(value.begin(), value.end(),
                                   [](char c) { return c >= ' ' && c < 0x7f && c != '"' && c != '\\'; });
    if (plain) {
        text += '"';
        text += value;
        text += '"';
    } else {
        text += nlohmann::json(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    }
}

}  // namespace ipc::wire
