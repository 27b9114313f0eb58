// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "registry/entities.hpp"
#include "status/user_names.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <functional>

// Entities of the registry as status shows them.
namespace roudi {

nlohmann::json service_object(const Service& service);
// With settings, creator, nodes and ports.
nlohmann::json service_details(Service& service);
// `hung_after`: so long may it take up nothing.
nlohmann::json node_object(const Node& node, UserNames& users, std::chrono::milliseconds hung_after);
// With the services it has open, and its ports, as far as somebody is to see them.
nlohmann::json node_details(Node& node, UserNames& users, std::chrono::milliseconds hung_after,
                            const std::function<bool(const Service&)>& is_seen);
nlohmann::json port_object(Port& port);
nlohmann::json usage_object(const Usage& usage);

}  // namespace roudi
