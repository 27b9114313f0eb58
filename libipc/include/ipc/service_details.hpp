// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/attribute.hpp"
#include "ipc/callback_progression.hpp"
#include "ipc/static_config.hpp"
#include "ipc/type_detail.hpp"
#include "ipc/unique_id.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace ipc {

// A service as it was at one moment.
struct ServiceSummary {
    std::string name;
    std::string hash;         // names pattern and name together, as ServiceBuilder's service_hash()
    std::string pattern;      // "publish_subscribe", "event" or "request_response"
    std::uint64_t nodes = 0;  // that have it open
    // Of publish-subscribe services.
    TypeDetail payload;
    std::uint64_t publishers = 0;
    std::uint64_t subscribers = 0;
    // Of event services.
    std::uint64_t notifiers = 0;
    std::uint64_t listeners = 0;
    // Of request-response services.
    TypeDetail request;
    TypeDetail response;
    std::uint64_t clients = 0;
    std::uint64_t servers = 0;
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

struct EventDynamicConfig {
    std::vector<ServicePort> notifiers;
    std::vector<ServicePort> listeners;
    std::vector<ServiceNode> nodes;
};

struct RequestResponseDynamicConfig {
    std::vector<ServicePort> clients;
    std::vector<ServicePort> servers;
    std::vector<ServiceNode> nodes;
};

// Of a service of any messaging pattern.
using DynamicConfig =
    std::variant<PublishSubscribeDynamicConfig, EventDynamicConfig, RequestResponseDynamicConfig>;

struct ServiceDetails {
    ServiceSummary summary;
    AttributeSet attributes;
    StaticConfig static_config;    // both of the pattern
    DynamicConfig dynamic_config;  // that the summary names
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
