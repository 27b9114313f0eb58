// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wire/frame.hpp"

#include <tl/expected.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// JSON text, taken apart without building a tree of it first: that took a fifth of the time in which a
// service is opened and a port created.
namespace ipc::wire {

// One value, or the name of a member.
struct JsonToken {
    enum class Kind : std::uint8_t { Object, Array, String, Number, Boolean, Null };
    Kind kind = Kind::Null;
    bool plain = false;      // of a string: ASCII without escapes
    std::uint32_t size = 1;  // in tokens: this one and all in it
    std::string_view text;   // as it stands there, with quotes and brackets

    // Whether it is this string, which has nothing to escape.
    bool is(std::string_view string) const { return plain && text.substr(1, text.size() - 2) == string; }
    // Of a string: what it says.
    std::string unquoted() const;
    // If it is one that fits.
    std::optional<std::uint64_t> unsigned_number() const;
};

// A value's token and all in it: behind an array's own token come its elements, behind an object's the name
// and the value of each member.
using JsonValue = std::span<const JsonToken>;

// The error says why the text is not JSON, or not what a frame may hold. The tokens point into the text.
tl::expected<std::vector<JsonToken>, Violation> json_tokens(std::string_view text);

// The members of an object.
class JsonObject {
 public:
    explicit JsonObject(JsonValue object) : object_{object} {}

    // Empty where there is none of that name. Quick where names are asked for in the order of the text.
    JsonValue find(std::string_view name) {
        auto found = find_between(next_, object_.size(), name);
        return found.empty() ? find_between(1, next_, name) : found;
    }
    std::size_t member_count() const {
        std::size_t count = 0;
        for (std::size_t at = 1; at < object_.size(); at += 1 + object_[at + 1].size) ++count;
        return count;
    }

 private:
    JsonValue find_between(std::size_t at, std::size_t end, std::string_view name) {
        while (at < end) {
            const JsonValue value = object_.subspan(at + 1, object_[at + 1].size);
            const bool found = object_[at].is(name);
            at += 1 + value.size();
            if (!found) continue;
            next_ = at;
            return value;
        }
        return {};
    }

    JsonValue object_;
    std::size_t next_ = 1;  // behind the member that was found last
};

}  // namespace ipc::wire
