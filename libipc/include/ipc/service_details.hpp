// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/static_config.hpp"
#include "ipc/type_detail.hpp"
#include "ipc/unique_id.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ipc {

enum class CallbackProgression : std::uint8_t { Continue, Stop };

// A service as it was at one moment.
struct ServiceSummary {
    std::string name;
    std::string hash;     // names pattern and name together, as ServiceBuilder's service_hash()
    std::string pattern;  // "publish_subscribe"
    TypeDetail payload;
    std::uint64_t publishers = 0;
    std::uint64_t subscribers = 0;
    std::uint64_t nodes = 0;  // that have it open
};

struct ServiceNode {
    UniqueNodeId id;
    std::string name;
    std::uint64_t pid = 0;
};

struct ServicePort {
    UniquePortId id;
    std::string name;
    UniqueNodeId node;
    std::uint64_t pid = 0;
};

// Who uses a service at one moment.
struct PublishSubscribeDynamicConfig {
    std::vector<ServicePort> publishers;
    std::vector<ServicePort> subscribers;
    std::vector<ServiceNode> nodes;
};

struct ServiceDetails {
    ServiceSummary summary;
    PublishSubscribeStaticConfig static_config;
    PublishSubscribeDynamicConfig dynamic_config;
};

struct NodeDetails {
    UniqueNodeId id;
    std::string name;
    std::uint64_t pid = 0;
    std::uint64_t uid = 0;
    std::string library_version;
    std::uint64_t services = 0;
    std::uint64_t ports = 0;
};

}  // namespace ipc
