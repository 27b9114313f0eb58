// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wire/enum_names.hpp"
#include "wire/fields.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
#include <string>

namespace ipc::wire {

// Visitor of fields(): reads a JSON object strictly. The first thing wrong is kept in `error`; what is read
// after that does not count.
class JsonReader {
 public:
    JsonReader(const nlohmann::json& object, std::string path) : object_{object}, path_{std::move(path)} {
        if (!object_.is_object()) wrong("is not an object");
    }

    std::string error;

    template <class T>
    void operator()(const char* name, T& value) {
        if (const auto* found = find(name)) {
            convert(name, *found, value);
        } else {
            wrong(std::string{"lacks "} + name);
        }
    }
    template <class T>
    void operator()(const char* name, std::optional<T>& value) {
        if (const auto* found = find(name)) convert(name, *found, value.emplace());
    }

    // After all fields: a member that none of them asked for is an error.
    void finish() {
        if (error.empty() && object_.size() != known_) wrong("has members that this protocol does not know");
    }

 private:
    const nlohmann::json* find(const char* name) {
        if (!error.empty()) return nullptr;
        const auto found = object_.find(name);
        if (found == object_.end()) return nullptr;
        ++known_;
        return &*found;
    }

    void wrong(const std::string& what) {
        if (error.empty()) error = path_ + " " + what;
    }
    void wrong_type(const char* name) { wrong(std::string{"has a value of the wrong kind for "} + name); }

    void convert(const char* name, const nlohmann::json& json, bool& value) {
        if (!json.is_boolean()) return wrong_type(name);
        value = json.get<bool>();
    }
    void convert(const char* name, const nlohmann::json& json, std::uint64_t& value) {
        if (!json.is_number_unsigned()) return wrong_type(name);
        value = json.get<std::uint64_t>();
    }
    void convert(const char* name, const nlohmann::json& json, std::uint32_t& value) {
        std::uint64_t wide = 0;
        convert(name, json, wide);
        if (wide > std::numeric_limits<std::uint32_t>::max()) return wrong_type(name);
        value = static_cast<std::uint32_t>(wide);
    }
    void convert(const char* name, const nlohmann::json& json, std::string& value) {
        if (!json.is_string()) return wrong_type(name);
        value = json.get<std::string>();
    }
    void convert(const char* name, const nlohmann::json& json, Uuid& value) {
        const auto id = json.is_string() ? Uuid::parse(json.get_ref<const std::string&>()) : std::nullopt;
        if (!id) return wrong_type(name);
        value = *id;
    }
    void convert(const char*, const nlohmann::json& json, RawJson& value) { value.text = json.dump(); }

    template <class T>
    void convert(const char* name, const nlohmann::json& json, std::vector<T>& value) {
        if (!json.is_array()) return wrong_type(name);
        for (const auto& element : json) convert(name, element, value.emplace_back());
    }
    template <class T>
    void convert(const char* name, const nlohmann::json& json, T& value) {
        if constexpr (std::is_enum_v<T>) {
            const auto& names = enum_names(T{});
            const auto found = json.is_string()
                                   ? std::find(names.begin(), names.end(), json.get_ref<const std::string&>())
                                   : names.end();
            if (found == names.end()) return wrong_type(name);
            value = static_cast<T>(found - names.begin());
        } else {
            JsonReader nested{json, path_ + "." + name};
            if (nested.error.empty()) fields(nested, value);
            nested.finish();
            if (error.empty()) error = std::move(nested.error);
        }
    }

    const nlohmann::json& object_;
    std::string path_;
    std::size_t known_ = 0;
};

}  // namespace ipc::wire
