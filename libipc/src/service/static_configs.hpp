// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ipc/static_config.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>

// Out of what status answers: the members of an object, types, and what a service of each pattern is. All
// throw json::exception where it is not as it should be.
namespace ipc::detail {

std::uint64_t number(const nlohmann::json& object, const char* name);
std::string text(const nlohmann::json& object, const char* name);
// Without a name where it is null.
TypeDetail type(const nlohmann::json& object);
// Nothing where it is null.
std::optional<Schema> schema(const nlohmann::json& object);

PublishSubscribeStaticConfig publish_subscribe_config(const nlohmann::json& settings);
EventStaticConfig event_config(const nlohmann::json& settings);
RequestResponseStaticConfig request_response_config(const nlohmann::json& settings);

}  // namespace ipc::detail
