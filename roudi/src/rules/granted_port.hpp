// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wire/patterns.hpp"

#include <cstdint>

namespace roudi {

namespace wire = ipc::wire;

// What a port becomes.
struct GrantedPort {
    wire::PortSettings settings;
    std::uint64_t data_size = 0;  // of its data segment; 0: it has none
    bool huge_pages = false;      // which lies in such
};

}  // namespace roudi
