// SPDX-License-Identifier: Apache-2.0
// Who may do what, which rule says so, and who holds how much.
#include "config/keys.hpp"
#include "rules/name_pattern.hpp"
#include "status/inquiry.hpp"
#include "status/objects.hpp"
#include "status/pages.hpp"
#include "text/number.hpp"

#include <map>
#include <string_view>

namespace roudi {

using nlohmann::json;

namespace {

constexpr std::size_t most_entries = 500;  // of a list; the rest is counted
constexpr std::size_t most_sessions = 10;

json may_object(const Permissions& permissions, const Service& service, const Identity& who) {
    json may = json::object();
    for (std::size_t i = 0; i < action_names.size(); ++i) {
        const auto action = static_cast<Action>(i);
        // Nobody creates what is there.
        if (action == Action::Create) continue;
        const Verdict verdict = permissions.verdict(action, service, who);
        may[std::string{action_names[i]}] = {{"allowed", verdict.allowed}, {"why", verdict.why}};
    }
    return may;
}

void push(json& object, const char* list, json entry) {
    if (object[list].size() < most_entries) {
        object[list].push_back(std::move(entry));
        return;
    }
    json& omitted = object[std::string{list} + "_omitted"];
    omitted = omitted.is_null() ? std::uint64_t{1} : omitted.get<std::uint64_t>() + 1;
}

// The rules about somebody, or about a service, in the order in which they are asked.
template <class IsAbout>
json rules_object(const Policy& policy, const IsAbout& is_about) {
    json rules = json::array();
    for (const PolicyRule& rule : policy) {
        if (!is_about(rule)) continue;
        json object = rule;
        object["from"] = rule.from;
        rules.push_back(std::move(object));
    }
    return rules;
}

// What the question is about: a name, and what the asker's system knows of a user who is called so.
struct Subject {
    std::string name;
    std::optional<Identity> user;
};

std::optional<Subject> subject_of(const std::string& argument) {
    const json asked = json::parse(argument, nullptr, false);
    if (!asked.is_object() || !asked.contains("name") || !asked["name"].is_string()) return std::nullopt;
    Subject subject{.name = asked["name"].get<std::string>(), .user = {}};
    if (!asked.contains("uid")) return subject;
    if (!asked["uid"].is_number_unsigned() || !asked.contains("gids") || !asked["gids"].is_array())
        return std::nullopt;
    subject.user.emplace().uid = asked["uid"].get<uid_t>();
    for (const json& gid : asked["gids"]) {
        if (!gid.is_number_unsigned()) return std::nullopt;
        subject.user->groups.push_back(gid.get<gid_t>());
    }
    if (!subject.user->groups.empty()) subject.user->gid = subject.user->groups.front();
    return subject;
}

}  // namespace

// Everybody who has a session, and who created it.
json Inquiry::explained(const Service& service) {
    std::map<uid_t, const Identity*> users{{service.creator.identity.uid, &service.creator.identity}};
    for (const auto& [serial, node] : broker_.registry().nodes())
        users.emplace(node->identity.uid, &node->identity);
    std::map<uid_t, std::uint64_t> ports;
    for (const auto& of_kind : service.ports)
        for (const auto& [serial, port] : of_kind) ++ports[port->node->identity.uid];
    json object{{"kind", "service"},
                {"name", service.name},
                {"creator", {{"uid", service.creator.identity.uid}, {"pid", service.creator.identity.pid}}},
                {"users", json::array()}};
    object["creator"]["user"] = users_.of(service.creator.identity.uid);
    for (const auto& [uid, who] : users)
        push(object, "users",
             {{"uid", uid},
              {"user", users_.of(uid)},
              {"ports", ports[uid]},
              {"may", may_object(broker_.permissions(), service, *who)}});
    object["rules"] = rules_object(broker_.permissions().policy(), [&service](const PolicyRule& rule) {
        return matches(rule.services, service.name);
    });
    return object;
}

void Inquiry::add_permissions(json& object, const Identity& whose, const Identity& asker) {
    const Permissions& permissions = broker_.permissions();
    object["services"] = json::array();
    for (const auto& [name, service] : broker_.registry().services())
        if (permissions.may_observe(*service, asker))
            push(object, "services", {{"name", name}, {"may", may_object(permissions, *service, whose)}});
    object["rules"] = rules_object(permissions.policy(),
                                   [&whose](const PolicyRule& rule) { return concerns(rule, whose); });
}

json Inquiry::explained(const Node& node, const Identity& asker) {
    json object{{"kind", "node"},
                {"name", node.hello.node_name},
                {"id", node.id.text()},
                {"pid", node.identity.pid},
                {"uid", node.identity.uid},
                {"user", users_.of(node.identity.uid)},
                {"holds", usage_object(node.account->usage())},
                {"quota", usage_object(broker_.ledger().quotas().session)}};
    add_permissions(object, node.identity, asker);
    return object;
}

json Inquiry::explained(const std::string& name, const Identity& user, const Identity& asker) {
    const Ledger& ledger = broker_.ledger();
    const auto usages = ledger.users();
    const auto usage = usages.find(user.uid);
    json object{{"kind", "user"},
                {"name", name},
                {"uid", user.uid},
                {"holds", usage_object(usage == usages.end() ? Usage{} : usage->second)},
                {"quota", usage_object(ledger.quotas().user)},
                {"sessions", json::array()}};
    for (const Account* account : ledger.biggest_users(user.uid, Resource::SegmentBytes, most_sessions))
        object["sessions"].push_back({{"pid", account->owner().pid},
                                      {"node", account->node_name},
                                      {"holds", usage_object(account->usage())}});
    add_permissions(object, user, asker);
    return object;
}

Granted<wire::Answer> Inquiry::explain(const wire::Query& query, const Identity& asker) {
    const auto subject = subject_of(query.argument);
    if (!subject)
        return reject(wire::Refusal::InvalidSetting,
                      "explain is asked with {\"name\": …}, and {\"uid\": …, \"gids\": […]} of a user");
    json answer{{"explain", json::array()}};
    const Service* service = broker_.registry().find_service(subject->name);
    if (service != nullptr && broker_.permissions().may_observe(*service, asker))
        push(answer, "explain", explained(*service));
    const auto number = number_in<uid_t>(subject->name);
    std::optional<Identity> user = subject->user;
    std::size_t nodes = 0;
    for (const auto& [serial, node] : broker_.registry().nodes()) {
        if (number && node->identity.uid == *number && !user) user = node->identity;
        if (node->hello.observer || nodes == most_sessions) continue;
        if (node->hello.node_name != subject->name && node->id.text() != subject->name &&
            std::to_string(node->identity.pid) != subject->name)
            continue;
        ++nodes;
        push(answer, "explain", explained(*node, asker));
    }
    if (user) push(answer, "explain", explained(subject->name, *user, asker));
    if (answer["explain"].empty())
        return reject(wire::Refusal::DoesNotExist,
                      "there is no service, no node and no user \"" + subject->name + "\"");
    return wire::Answer{.body = {to_text(answer)}, .more = {}};
}

}  // namespace roudi
