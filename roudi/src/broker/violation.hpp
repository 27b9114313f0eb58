// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wire/frame.hpp"

#include <tl/expected.hpp>

#include <string>

namespace roudi {

// A client breaks the protocol, and its session ends.
inline tl::unexpected<ipc::wire::Violation> violation(const std::string& what) {
    return tl::unexpected{ipc::wire::Violation{what}};
}

}  // namespace roudi
