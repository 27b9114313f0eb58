// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace ipc::wire {

// What a service's creator says of it, in words of his own.
struct Attribute {
    std::string key;
    std::string value;

    friend bool operator==(const Attribute&, const Attribute&) = default;
};

// What a created service gets; an existing one must have all of them, and each of the keys.
struct AskedAttributes {
    std::vector<Attribute> attributes;
    std::vector<std::string> keys;
};

}  // namespace ipc::wire
