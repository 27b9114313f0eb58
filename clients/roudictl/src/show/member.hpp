// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>

namespace roudictl {

// Members stay in the order in which the broker wrote them.
using Json = nlohmann::ordered_json;

// A broker of another version may leave a member out, or give it another type: then a table has a gap, and
// that is all.

// A value for people: yes and no, a dash for nothing.
std::string shown(const Json& value);
// The member as shown() gives it.
std::string text_of(const Json& object, const char* key);
// 0 where there is no such number.
std::uint64_t number_of(const Json& object, const char* key);
// An empty object or list where there is none.
const Json& object_of(const Json& object, const char* key);
const Json& list_of(const Json& object, const char* key);

}  // namespace roudictl
