// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wire/enum_names.hpp"
#include "wire/fields.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace ipc::wire {

// Quoted and escaped; what is not UTF-8 is replaced.
void append_json_string(std::string& text, std::string_view value);

// Visitor of fields(): writes JSON text without building a tree of it first, which took half of the time that
// opening a service takes. An empty optional is left out; one inside another is null.
class TextWriter {
 public:
    explicit TextWriter(std::string& text) : text_{text} { text_ += '{'; }
    void finish() { text_ += '}'; }

    template <class T>
    void operator()(const char* name, const T& value) {
        member(name, value);
    }
    template <class T>
    void operator()(const char* name, const std::optional<T>& value) {
        if (value) member(name, *value);
    }
    template <class... Alternatives>
    void one_of(const std::variant<Alternatives...>& value) {
        std::visit([this](const auto& alternative) { this->member(alternative.key, alternative); }, value);
    }

 private:
    template <class T>
    void member(std::string_view name, const T& value) {
        if (!first_) text_ += ',';
        first_ = false;
        text_ += '"';
        text_ += name;  // an identifier: nothing to escape
        text_ += "\":";
        append(value);
    }

    void append(bool value) { text_ += value ? "true" : "false"; }
    void append(std::uint64_t value) {
        std::array<char, 20> digits;
        text_.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
    }
    void append(std::uint32_t value) { append(std::uint64_t{value}); }
    void append(std::string_view value) { append_json_string(text_, value); }
    void append(const std::string& value) { append_json_string(text_, value); }
    void append(const RawJson& value) { text_ += value.text; }
    void append(const Uuid& value) {
        text_ += '"';
        text_ += value.text();
        text_ += '"';
    }
    template <class T>
    void append(const std::optional<T>& value) {
        if (value)
            append(*value);
        else
            text_ += "null";
    }
    template <class T>
    void append(const std::vector<T>& list) {
        text_ += '[';
        for (const T& value : list) {
            if (&value != &list.front()) text_ += ',';
            append(value);
        }
        text_ += ']';
    }
    template <class T>
    void append(const T& value) {
        if constexpr (std::is_enum_v<T>) {
            append(name_of(value));
        } else {
            T copy = value;  // for fields() serves both directions
            TextWriter nested{text_};
            fields(nested, copy);
            nested.finish();
        }
    }

    std::string& text_;
    bool first_ = true;
};

}  // namespace ipc::wire
