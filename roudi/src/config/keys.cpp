// SPDX-License-Identifier: Apache-2.0
#include "config/keys.hpp"

#include "wire/frame.hpp"

#include <algorithm>

namespace roudi {

namespace {

constexpr std::uint64_t one_small_frame = 64 * 1024;
constexpr std::uint64_t wire_descriptors = ipc::wire::max_broker_descriptors;  // of one frame

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
        {.name = "session.hung_after_ms", .value = &s.hung_after_ms, .lowest = 1},
        {.name = "policy", .value = &s.policy},
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
    if (std::holds_alternative<Policy*>(value))
        return std::holds_alternative<Policy>(proposed) ? "" : name + " is a list of rules";
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
    else if (auto* const* policy = std::get_if<Policy*>(&value))
        (*policy)->insert((*policy)->begin(), std::get<Policy>(proposed).begin(),
                          std::get<Policy>(proposed).end());
    else
        *std::get<std::string*>(value) = std::get<std::string>(proposed);
}

void to_json(nlohmann::json& object, const PolicyRule& rule) {
    object = {{"services", rule.services}};
    const auto add = [&object](const char* key, const auto& entries, const auto& text_of) {
        for (const auto& entry : entries)
            if (const std::string text{text_of(entry)}; !text.empty()) object[key].push_back(text);
    };
    const auto name = [](const Principal& principal) { return principal.name; };
    add("users", rule.users, name);
    add("groups", rule.groups, name);
    for (const auto& [key, actions] : {std::pair{"allow", &rule.allow}, std::pair{"deny", &rule.deny}})
        add(key, action_names, [&, said = actions](std::string_view action) {
            const auto* const found = std::find(action_names.begin(), action_names.end(), action);
            return said->has(static_cast<Action>(found - action_names.begin())) ? action : std::string_view{};
        });
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
