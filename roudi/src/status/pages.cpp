// SPDX-License-Identifier: Apache-2.0
#include "status/pages.hpp"

namespace roudi {

std::string to_text(const nlohmann::json& value) {
    return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void Page::add(const nlohmann::json& entry) {
    if (entries_ > 0) list_ += ',';
    list_ += to_text(entry);
    bytes_ = list_.size();
    ++entries_;
}

ipc::wire::Answer Page::answer(std::optional<std::uint64_t> more) const {
    return {.body = {"{\"" + std::string{name_} + "\":[" + list_ + "]}"}, .more = more};
}

}  // namespace roudi
