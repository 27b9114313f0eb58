// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wire/enum_names.hpp"
#include "wire/fields.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

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

    // Exactly one of the alternatives, as a member that bears its key.
    template <class... Alternatives>
    void one_of(std::variant<Alternatives...>& value) {
        std::size_t found = 0;
        (one_of_them<Alternatives>(value, found), ...);
        if (found == 1) return;
        std::string keys;
        ((keys += (keys.empty() ? "" : ", ") + std::string{Alternatives::key}), ...);
        wrong((found == 0 ? "has none of " : "has more than one of ") + keys);
    }

    // After all fields: a member that none of them asked for is an error.
    void finish() {
        if (error.empty() && object_.size() != known_) wrong("has members that this protocol does not know");
    }

 private:
    const nlohmann::json* find(std::string_view name) {
        if (!error.empty()) return nullptr;
        const auto found = object_.find(name);
        if (found == object_.end()) return nullptr;
        ++known_;
        return &*found;
    }

    template <class Alternative, class Variant>
    void one_of_them(Variant& value, std::size_t& found) {
        const auto* member = find(Alternative::key);
        if (member == nullptr) return;
        ++found;
        convert(Alternative::key, *member, value.template emplace<Alternative>());
    }

    void wrong(const std::string& what) {
        if (error.empty()) error = path_ + " " + what;
    }
    void wrong_type(std::string_view name) {
        wrong("has a value of the wrong kind for " + std::string{name});
    }

    void convert(std::string_view name, const nlohmann::json& json, bool& value) {
        if (!json.is_boolean()) return wrong_type(name);
        value = json.get<bool>();
    }
    void convert(std::string_view name, const nlohmann::json& json, std::uint64_t& value) {
        if (!json.is_number_unsigned()) return wrong_type(name);
        value = json.get<std::uint64_t>();
    }
    void convert(std::string_view name, const nlohmann::json& json, std::uint32_t& value) {
        std::uint64_t wide = 0;
        convert(name, json, wide);
        if (wide > std::numeric_limits<std::uint32_t>::max()) return wrong_type(name);
        value = static_cast<std::uint32_t>(wide);
    }
    void convert(std::string_view name, const nlohmann::json& json, std::string& value) {
        if (!json.is_string()) return wrong_type(name);
        value = json.get<std::string>();
    }
    void convert(std::string_view name, const nlohmann::json& json, Uuid& value) {
        const auto id = json.is_string() ? Uuid::parse(json.get_ref<const std::string&>()) : std::nullopt;
        if (!id) return wrong_type(name);
        value = *id;
    }
    void convert(std::string_view, const nlohmann::json& json, RawJson& value) { value.text = json.dump(); }

    template <class T>
    void convert(std::string_view name, const nlohmann::json& json, std::vector<T>& value) {
        if (!json.is_array()) return wrong_type(name);
        for (const auto& element : json) convert(name, element, value.emplace_back());
    }
    // Null is a value, where a member may be absent too.
    template <class T>
    void convert(std::string_view name, const nlohmann::json& json, std::optional<T>& value) {
        if (json.is_null()) return value.reset();
        convert(name, json, value.emplace());
    }
    template <class T>
    void convert(std::string_view name, const nlohmann::json& json, T& value) {
        if constexpr (std::is_enum_v<T>) {
            const auto& names = enum_names(T{});
            const auto found = json.is_string()
                                   ? std::find(names.begin(), names.end(), json.get_ref<const std::string&>())
                                   : names.end();
            if (found == names.end()) return wrong_type(name);
            value = static_cast<T>(found - names.begin());
        } else {
            JsonReader nested{json, path_ + "." + std::string{name}};
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
