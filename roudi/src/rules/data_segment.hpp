// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "layout/data.hpp"
#include "rules/rejection.hpp"

#include <cstdint>
#include <string>

namespace roudi {

// The size of a data segment, if there can be one. Its counts and the size of a chunk are bounded by limits
// of their own; their product is not. For the message: `port`, "a publisher", and which settings to lower.
Granted<std::uint64_t> data_segment_size(const ipc::layout::Data& data, const std::string& port,
                                         const std::string& settings);

}  // namespace roudi
