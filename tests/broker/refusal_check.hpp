// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "catch.hpp"
#include "wire/enum_names.hpp"
#include "wire/messages.hpp"

#include <string>
#include <vector>

// Refused for this reason, with all of these in the message.
inline void check(const ipc::wire::Refused& refused, ipc::wire::Refusal code,
                  const std::vector<std::string>& parts) {
    INFO(ipc::wire::name_of(refused.code) << ": " << refused.message);
    CHECK(ipc::wire::name_of(refused.code) == ipc::wire::name_of(code));
    for (const std::string& part : parts) {
        INFO("looking for: " << part);
        CHECK(refused.message.find(part) != std::string::npos);
    }
}
