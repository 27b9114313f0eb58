// SPDX-License-Identifier: Apache-2.0
#include "show/member.hpp"

namespace roudictl {
namespace {

const Json* find(const Json& object, const char* key) {
    if (!object.is_object()) return nullptr;
    const auto found = object.find(key);
    return found == object.end() ? nullptr : &*found;
}

}  // namespace

std::string shown(const Json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
    if (value.is_null()) return "-";
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string text_of(const Json& object, const char* key) {
    const auto* value = find(object, key);
    return value == nullptr ? "-" : shown(*value);
}

std::uint64_t number_of(const Json& object, const char* key) {
    const auto* value = find(object, key);
    return value != nullptr && value->is_number_unsigned() ? value->get<std::uint64_t>() : 0;
}

const Json& object_of(const Json& object, const char* key) {
    static const Json none = Json::object();
    const auto* value = find(object, key);
    return value != nullptr && value->is_object() ? *value : none;
}

const Json& list_of(const Json& object, const char* key) {
    static const Json none = Json::array();
    const auto* value = find(object, key);
    return value != nullptr && value->is_array() ? *value : none;
}

}  // namespace roudictl
