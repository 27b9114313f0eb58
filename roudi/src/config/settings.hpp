// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/policy.hpp"
#include "registry/usage.hpp"
#include "roudi/log.hpp"

#include <cstdint>
#include <string>

namespace roudi {

// Most of each resource that one session, and one user over all sessions, may have.
struct Quotas {
    Usage session = Usage{}
                        .with(Resource::Sessions, 1)
                        .with(Resource::Nodes, 1)
                        .with(Resource::Services, 16384)
                        .with(Resource::Ports, 8192)
                        .with(Resource::Connections, 16384)
                        .with(Resource::SegmentBytes, std::uint64_t{1} << 44)
                        .with(Resource::Descriptors, 65536);
    Usage user = Usage{}
                     .with(Resource::Sessions, 8192)
                     .with(Resource::Nodes, 4096)
                     .with(Resource::Services, 65536)
                     .with(Resource::Ports, 65536)
                     .with(Resource::Connections, 262144)
                     .with(Resource::SegmentBytes, std::uint64_t{1} << 46)
                     .with(Resource::Descriptors, 262144);
};

// What the configuration decides.
struct Settings {
    std::string socket;  // path
    std::string log_level = "info";
    std::string log_sink = "auto";
    std::uint64_t idle_exit_seconds = 0;  // 0: never
    // What a client may leave unread before it is cut: bytes, descriptors, and answers to its own requests.
    std::uint64_t queue_bytes = std::uint64_t{4} << 20;
    std::uint64_t queue_descriptors = 8192;
    std::uint64_t queue_answers = 64;
    // How long a client may take to complete a frame that it began, and to say hello.
    std::uint64_t frame_timeout_ms = 5000;
    // How long a node may take up nothing of what it was told before status calls it hung.
    std::uint64_t hung_after_ms = 3000;
    Quotas quotas;
    Policy policy;
};

}  // namespace roudi
