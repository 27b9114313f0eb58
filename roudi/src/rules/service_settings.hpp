// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rules/rejection.hpp"
#include "wire/settings.hpp"

#include <cstdint>

namespace roudi {

// Whether a service can be made of these settings. Every number is a client's and may be anything.
Granted<void> check_settings(const wire::PublishSubscribeSettings& settings);

// Size of the data segment that a publisher of such a service gets.
Granted<std::uint64_t> data_segment_size(const wire::PublishSubscribeSettings& settings,
                                         std::uint64_t max_loaned_samples);

}  // namespace roudi
