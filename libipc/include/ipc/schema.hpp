// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ipc {

// A description of a type, for people, tools and other languages: whatever text its format is written in (an
// IDL, a .proto, JSON Schema). The library and the broker compare it and make nothing of it.
struct Schema {
    std::string format;  // its name: 1 to 64 bytes of UTF-8
    std::string text;    // 1 to 16384 bytes of UTF-8, without control characters but ends of lines and tabs

    friend bool operator==(const Schema&, const Schema&) = default;
};

}  // namespace ipc
