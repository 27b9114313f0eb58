// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "registry/entities.hpp"

#include <cstdint>

namespace roudi {

// One word of a record in the node's counters: what the node claims, good to be shown, and for what is its
// own loss if it lies. 0 where the counters cannot be mapped.
std::uint64_t read_counter(Node& node, std::uint32_t record, std::uint64_t word);

}  // namespace roudi
