// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wire/enum_names.hpp"
#include "wire/fields.hpp"

#include <nlohmann/json.hpp>

namespace ipc::wire {

// Visitor of fields(): fills a JSON object for whoever looks. What is absent (an empty optional, a type
// without a name) is null.
class JsonWriter {
 public:
    nlohmann::json object = nlohmann::json::object();

    template <class T>
    void operator()(const char* name, T& value) {
        object[name] = convert(value);
    }
    template <class T>
    void operator()(const char* name, std::optional<T>& value) {
        object[name] = value ? convert(*value) : nlohmann::json(nullptr);
    }

    template <class T>
    static nlohmann::json convert(T& value) {
        if constexpr (std::is_enum_v<T>) {
            return name_of(value);
        } else if constexpr (std::is_same_v<T, RawJson>) {
            return nlohmann::json::parse(value.text);
        } else if constexpr (std::is_same_v<T, Uuid>) {
            return value.text();
        } else if constexpr (std::is_same_v<T, std::vector<Uuid>>) {
            auto list = nlohmann::json::array();
            for (const Uuid& id : value) list.push_back(id.text());
            return list;
        } else if constexpr (std::is_constructible_v<nlohmann::json, T&>) {
            return value;
        } else {
            if constexpr (std::is_same_v<T, TypeDetail>)
                if (value.name.empty()) return nullptr;
            JsonWriter nested;
            fields(nested, value);
            return std::move(nested.object);
        }
    }
};

}  // namespace ipc::wire
