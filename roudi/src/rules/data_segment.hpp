// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "layout/data.hpp"
#include "rules/granted_port.hpp"
#include "rules/rejection.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace roudi {

// The size of a data segment, if there can be one. Its counts and the size of a chunk are bounded by limits
// of their own; their product is not. For the message: `port`, "a publisher", and which settings to lower.
Granted<std::uint64_t> data_segment_size(const ipc::layout::Data& data, const std::string& port,
                                         const std::string& settings);

// Whether a port with that data segment can get further ones.
Granted<void> check_growth(const ipc::layout::Data& data, std::optional<wire::Allocation> allocation,
                           const wire::TypeDetail& payload);

// A port with a data segment of that size, which is more where it lies in huge pages.
template <class Settings>
GrantedPort granted_with_data(const Settings& settings, std::uint64_t size) {
    const bool huge = settings.huge_pages.value_or(false);
    return {.settings = settings, .data_size = ipc::layout::file_size(size, huge), .huge_pages = huge};
}

}  // namespace roudi
