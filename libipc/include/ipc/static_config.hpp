// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/type_detail.hpp"

#include <cstdint>

namespace ipc {

// What a publish-subscribe service is; fixed by its creator.
struct PublishSubscribeStaticConfig {
    TypeDetail payload;
    TypeDetail user_header;  // without a name where there is none
    bool enable_safe_overflow = true;
    bool enable_timestamps = false;
    std::uint64_t history_size = 0;                     // samples that a publisher keeps for late joiners
    std::uint64_t subscriber_max_buffer_size = 0;       // samples of each publisher
    std::uint64_t subscriber_max_borrowed_samples = 0;  // samples of each publisher
    std::uint64_t max_publishers = 0;
    std::uint64_t max_subscribers = 0;
    std::uint64_t max_nodes = 0;
    std::uint64_t payload_alignment = 1;  // bytes
};

}  // namespace ipc
