// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ipc::wire {

// A description of a type, in whatever format.
struct Schema {
    std::string format;
    std::string text;

    friend bool operator==(const Schema&, const Schema&) = default;
};

}  // namespace ipc::wire
