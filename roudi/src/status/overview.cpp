// SPDX-License-Identifier: Apache-2.0
#include "broker/version.hpp"
#include "config/keys.hpp"
#include "status/hung.hpp"
#include "status/inquiry.hpp"
#include "status/objects.hpp"
#include "status/pages.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <ctime>

namespace roudi {

using nlohmann::json;

namespace {

std::string utc(std::chrono::system_clock::time_point when) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(when);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return {text.data(), length};
}

json broker_object(const Inquiry::Surroundings& surroundings, const Registry& registry, UserNames& users) {
    json object{{"version", version},
                {"pid", ::getpid()},
                {"uid", ::getuid()},
                {"user", users.of(::getuid())},
                {"socket", surroundings.settings.socket},
                {"embedded", surroundings.embedded},
                {"separated", true},
                {"protocol", {{"lowest", wire::lowest_protocol}, {"highest", wire::highest_protocol}}}};
    const bool shared_user =
        std::any_of(registry.nodes().begin(), registry.nodes().end(),
                    [](const auto& entry) { return entry.second->identity.uid == ::getuid(); });
    if (surroundings.embedded || shared_user) {
        object["separated"] = false;
        object["separation_note"] =
            "clients run as the broker's own user (" + users.of(::getuid()) +
            "): the kernel does not keep their memory apart. Run the broker as a user of its own, such as "
            "the system's does: systemctl enable --now roudi.socket";
    }
    return object;
}

// Sessions whose process said hello and is not only asking.
std::size_t segment_count(const Registry& registry) {
    std::size_t count = registry.connection_count();
    for (const auto& [serial, node] : registry.nodes()) count += node->hello.observer ? 0U : 1U;
    for (const auto& [serial, port] : registry.ports())
        count += (port->data_size > 0 ? 1U : 0U) + port->further.size();
    for (const auto& [name, service] : registry.services())
        for (const KeptHistory& kept : service->kept) count += 1 + kept.further.size();
    return count;
}

json totals_object(const Registry& registry, const Usage& usage) {
    json object = usage_object(usage);
    object["segments"] = segment_count(registry);
    return object;
}

json readopted_object(const Incidents::Readopted& readopted, const Registry& registry) {
    return {{"nodes", readopted.nodes},
            {"services", readopted.services},
            {"ports", readopted.ports},
            {"connections", readopted.connections},
            {"handed_over", readopted.handed_over},
            {"dropped", readopted.dropped},
            {"waiting", registry.waiting_count()}};
}

// Nodes that take up nothing of what they are told. As many as a frame holds in any case.
json hung_list(const Registry& registry, std::chrono::milliseconds hung_after) {
    constexpr std::size_t most = 100;
    json list = json::array();
    for (const auto& [serial, node] : registry.nodes()) {
        if (list.size() == most) break;
        if (node->hello.observer || node->readoption) continue;
        const auto idle = takes_up_nothing_for(*node);
        if (idle < hung_after) continue;
        list.push_back({{"node", node->hello.node_name},
                        {"id", node->id.text()},
                        {"pid", node->identity.pid},
                        {"uid", node->identity.uid},
                        {"for_s", std::chrono::duration_cast<std::chrono::seconds>(idle).count()}});
    }
    return list;
}

}  // namespace

Inquiry::Inquiry(Broker& broker, Surroundings surroundings)
    : broker_{broker}, surroundings_{std::move(surroundings)} {}

Granted<wire::Answer> Inquiry::status(const wire::Query&, const Identity&) {
    const Registry& registry = broker_.registry();
    json body{{"broker", broker_object(surroundings_, registry, users_)},
              {"totals", totals_object(registry, broker_.ledger().total())},
              {"users", json::array()},
              {"hung", hung_list(registry, hung_after())},
              {"ended", json::array()},
              {"cut", json::array()},
              {"readopted", readopted_object(broker_.incidents().readopted, registry)},
              {"not_readopted", json::array()}};
    body["broker"]["restarts"] = broker_.incidents().restarts;
    body["broker"]["started_at"] = utc(started_at_);
    body["broker"]["uptime_s"] =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - started_).count();
    for (const auto& [uid, usage] : broker_.ledger().users()) {
        json user = usage_object(usage);
        user["uid"] = uid;
        user["user"] = users_.of(uid);
        body["users"].push_back(std::move(user));
    }
    for (const auto& ended : broker_.incidents().ended)
        body["ended"].push_back({{"at", utc(ended.at)},
                                 {"pid", ended.identity.pid},
                                 {"uid", ended.identity.uid},
                                 {"node", ended.node},
                                 {"reason", ended.reason}});
    for (const auto& cut : broker_.incidents().cut)
        body["cut"].push_back({{"at", utc(cut.at)},
                               {"connection", cut.connection.text()},
                               {"by_pid", cut.by},
                               {"peer_pid", cut.peer},
                               {"service", cut.service},
                               {"detail", cut.detail}});
    for (const auto& claim : broker_.incidents().not_readopted)
        body["not_readopted"].push_back({{"at", utc(claim.at)},
                                         {"pid", claim.identity.pid},
                                         {"uid", claim.identity.uid},
                                         {"node", claim.node},
                                         {"what", claim.what},
                                         {"reason", claim.reason}});
    return wire::Answer{.body = {to_text(body)}, .more = {}};
}

Granted<wire::Answer> Inquiry::config(const wire::Query&, const Identity&) {
    const json body{{"config", configuration_object(surroundings_.settings)},
                    {"sources", surroundings_.sources}};
    return wire::Answer{.body = {to_text(body)}, .more = {}};
}

}  // namespace roudi
