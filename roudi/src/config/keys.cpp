// SPDX-License-Identifier: Apache-2.0
#include "config/keys.hpp"

#include "wire/frame.hpp"

#include <algorithm>

namespace roudi {

namespace {

constexpr std::uint64_t one_small_frame = 64 * 1024;
constexpr std::uint64_t wire_descriptors = ipc::wire::max_descriptors;  // of one frame

std::vector<std::string> log_levels() {
    return {Log::level_names.begin(), Log::level_names.end()};
}

}  // namespace

std::vector<Key> keys_of(Settings& s) {
    std::vector<Key> keys{
        {.name = "socket", .value = &s.socket, .variable = "ROUDI_SOCKET"},
        {.name = "log.level", .value = &s.log_level, .variable = "ROUDI_LOG_LEVEL", .choices = log_levels()},
        {.name = "log.sink", .value = &s.log_sink, .variable = "ROUDI_LOG_SINK"},
        {.name = "idle_exit_seconds", .value = &s.idle_exit_seconds, .variable = "ROUDI_IDLE_EXIT_SECONDS"},
        {.name = "session.queue_bytes", .value = &s.queue_bytes, .lowest = one_small_frame},
        {.name = "session.queue_descriptors", .value = &s.queue_descriptors, .lowest = wire_descriptors},
        {.name = "session.queue_answers", .value = &s.queue_answers, .lowest = 1},
        {.name = "session.frame_timeout_ms", .value = &s.frame_timeout_ms, .lowest = 1},
    };
    for (std::size_t i = 0; i < resource_names.size(); ++i) {
        const auto resource = static_cast<Resource>(i);
        const std::string name{resource_names[i]};
        // A session is one session and one node by its nature.
        if (resource != Resource::Sessions && resource != Resource::Nodes)
            keys.push_back({.name = "quota.session." + name, .value = &s.quotas.session[resource]});
        keys.push_back({.name = "quota.user." + name, .value = &s.quotas.user[resource]});
    }
    return keys;
}

std::string Key::why_unacceptable(const ConfiguredValue& proposed) const {
    const auto* text = std::get_if<std::string>(&proposed);
    if (std::holds_alternative<std::uint64_t*>(value)) {
        if (text != nullptr) return name + " is \"" + *text + "\", and a number is expected";
        const std::uint64_t number = std::get<std::uint64_t>(proposed);
        if (number < lowest)
            return name + " is " + std::to_string(number) + ", and at least " + std::to_string(lowest) +
                   " is needed";
        return "";
    }
    if (text == nullptr)
        return name + " is " + std::to_string(std::get<std::uint64_t>(proposed)) + ", and a text is expected";
    if (choices.empty() || std::find(choices.begin(), choices.end(), *text) != choices.end()) return "";
    std::string message = name + " is \"" + *text + "\", and one of these is expected:";
    for (const std::string& choice : choices) message += " " + choice;
    return message;
}

void Key::set(const ConfiguredValue& proposed) const {
    if (auto* const* number = std::get_if<std::uint64_t*>(&value))
        **number = std::get<std::uint64_t>(proposed);
    else
        *std::get<std::string*>(value) = std::get<std::string>(proposed);
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
