// SPDX-License-Identifier: Apache-2.0
#include "config/keys.hpp"

#include <algorithm>

namespace roudi {

std::vector<Key> keys_of(Settings& settings) {
    std::vector<Key> keys{
        {"socket", &settings.socket, "ROUDI_SOCKET"},
        {"log.level", &settings.log_level, "ROUDI_LOG_LEVEL"},
        {"log.sink", &settings.log_sink, "ROUDI_LOG_SINK"},
        {"idle_exit_seconds", &settings.idle_exit_seconds, "ROUDI_IDLE_EXIT_SECONDS"},
        {"session.queue_bytes", &settings.queue_bytes, ""},
        {"session.queue_answers", &settings.queue_answers, ""},
        {"session.frame_timeout_ms", &settings.frame_timeout_ms, ""},
    };
    for (std::size_t i = 0; i < resource_names.size(); ++i) {
        const auto resource = static_cast<Resource>(i);
        const std::string name{resource_names[i]};
        // A session is one session and one node by its nature.
        if (resource != Resource::Sessions && resource != Resource::Nodes)
            keys.push_back({"quota.session." + name, &settings.quotas.session[resource], ""});
        keys.push_back({"quota.user." + name, &settings.quotas.user[resource], ""});
    }
    return keys;
}

nlohmann::json configuration_object(Settings settings) {
    nlohmann::json object = nlohmann::json::object();
    for (const Key& key : keys_of(settings)) {
        std::string pointer = "/" + key.name;
        std::replace(pointer.begin(), pointer.end(), '.', '/');
        std::visit([&](const auto* value) { object[nlohmann::json::json_pointer{pointer}] = *value; },
                   key.value);
    }
    return object;
}

}  // namespace roudi
