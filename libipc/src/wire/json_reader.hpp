// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wire/enum_names.hpp"
#include "wire/fields.hpp"
#include "wire/json_tokens.hpp"

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
    JsonReader(JsonValue object, std::string path) : object_{object}, path_{std::move(path)} {
        if (object.front().kind != Kind::Object) wrong("is not an object");
    }

    std::string error;

    template <class T>
    void operator()(const char* name, T& value) {
        if (const JsonValue found = find(name); !found.empty()) {
            convert(name, found, value);
        } else {
            wrong(std::string{"lacks "} + name);
        }
    }
    template <class T>
    void operator()(const char* name, std::optional<T>& value) {
        if (const JsonValue found = find(name); !found.empty()) convert(name, found, value.emplace());
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
        if (error.empty() && object_.member_count() != known_)
            wrong("has members that this protocol does not know");
    }

 private:
    using Kind = JsonToken::Kind;

    JsonValue find(std::string_view name) {
        if (!error.empty()) return {};
        const JsonValue found = object_.find(name);
        if (!found.empty()) ++known_;
        return found;
    }

    template <class Alternative, class Variant>
    void one_of_them(Variant& value, std::size_t& found) {
        const JsonValue member = find(Alternative::key);
        if (member.empty()) return;
        ++found;
        convert(Alternative::key, member, value.template emplace<Alternative>());
    }

    void wrong(const std::string& what) {
        if (error.empty()) error = path_ + " " + what;
    }
    void wrong_type(std::string_view name) {
        wrong("has a value of the wrong kind for " + std::string{name});
    }

    void convert(std::string_view name, JsonValue json, bool& value) {
        if (json.front().kind != Kind::Boolean) return wrong_type(name);
        value = json.front().text == "true";
    }
    void convert(std::string_view name, JsonValue json, std::uint64_t& value) {
        const auto number = json.front().unsigned_number();
        if (!number) return wrong_type(name);
        value = *number;
    }
    void convert(std::string_view name, JsonValue json, std::uint32_t& value) {
        std::uint64_t wide = 0;
        convert(name, json, wide);
        if (wide > std::numeric_limits<std::uint32_t>::max()) return wrong_type(name);
        value = static_cast<std::uint32_t>(wide);
    }
    void convert(std::string_view name, JsonValue json, std::string& value) {
        if (json.front().kind != Kind::String) return wrong_type(name);
        value = json.front().unquoted();
    }
    void convert(std::string_view name, JsonValue json, Uuid& value) {
        const auto id = json.front().plain ? Uuid::parse(json.front().unquoted()) : std::nullopt;
        if (!id) return wrong_type(name);
        value = *id;
    }
    void convert(std::string_view, JsonValue json, RawJson& value) { value.text = json.front().text; }

    template <class T>
    void convert(std::string_view name, JsonValue json, std::vector<T>& value) {
        if (json.front().kind != Kind::Array) return wrong_type(name);
        for (std::size_t at = 1; at < json.size(); at += json[at].size)
            convert(name, json.subspan(at, json[at].size), value.emplace_back());
    }
    // Null is a value, where a member may be absent too.
    template <class T>
    void convert(std::string_view name, JsonValue json, std::optional<T>& value) {
        if (json.front().kind == Kind::Null) return value.reset();
        convert(name, json, value.emplace());
    }
    template <class T>
    void convert(std::string_view name, JsonValue json, T& value) {
        if constexpr (std::is_enum_v<T>) {
            const auto& names = enum_names(T{});
            const auto found = std::find_if(names.begin(), names.end(),
                                            [&](const auto& known) { return json.front().is(known); });
            if (found == names.end()) return wrong_type(name);
            value = static_cast<T>(found - names.begin());
        } else {
            JsonReader nested{json, path_ + "." + std::string{name}};
            if (nested.error.empty()) fields(nested, value);
            nested.finish();
            if (error.empty()) error = std::move(nested.error);
        }
    }

    JsonObject object_;
    std::string path_;
    std::size_t known_ = 0;
};

}  // namespace ipc::wire
