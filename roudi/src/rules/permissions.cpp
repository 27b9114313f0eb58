// SPDX-License-Identifier: Apache-2.0
#include "rules/permissions.hpp"

#include "rules/description.hpp"
#include "rules/name_pattern.hpp"
#include "rules/routes.hpp"

#include <algorithm>

namespace roudi {

namespace {

std::string to_do(Action action, const std::string& service) {
    return std::string{action_names[static_cast<std::size_t>(action)]} + " in " + service;
}

tl::unexpected<Rejection> refuse(Action action, const std::string& service, const Verdict& verdict,
                                 const Identity& who, const std::string& otherwise) {
    return reject(
        wire::Refusal::NotPermitted,
        (verdict.why == "default"
             ? service + " is open to " + otherwise
             : "the policy at " + std::string{verdict.why} + " denies to " + to_do(action, service)) +
            ", and process " + std::to_string(who.pid) + " belongs to user " + std::to_string(who.uid));
}

}  // namespace

bool concerns(const PolicyRule& rule, const Identity& who) {
    if (rule.users.empty() && rule.groups.empty()) return true;
    const auto is_his = [&who](const Principal& group) {
        return group.id == who.gid ||
               std::find(who.groups.begin(), who.groups.end(), group.id) != who.groups.end();
    };
    return std::any_of(rule.users.begin(), rule.users.end(),
                       [&who](const Principal& user) { return user.id == who.uid; }) ||
           std::any_of(rule.groups.begin(), rule.groups.end(), is_his);
}

Verdict Permissions::verdict(Action action, std::string_view service, std::optional<uid_t> creator,
                             const Identity& who) const {
    if (who.uid == 0) return {.allowed = true, .why = "root"};
    for (const PolicyRule& rule : policy_) {
        const bool denied = rule.deny.has(action);
        if ((!denied && !rule.allow.has(action)) || !concerns(rule, who) || !matches(rule.services, service))
            continue;
        return {.allowed = !denied, .why = rule.from};
    }
    if (creator == who.uid) return {.allowed = true, .why = "created it"};
    return {.allowed = action == Action::Create, .why = "default"};
}

Granted<void> Permissions::check_create(const std::string& service, const Identity& who) const {
    const Verdict found = verdict(Action::Create, service, std::nullopt, who);
    if (found.allowed) return {};
    return refuse(Action::Create, "service \"" + service + "\"", found, who, "nobody");
}

Granted<void> Permissions::check(Action action, const Service& service, const Identity& who) const {
    const Verdict found = verdict(action, service, who);
    if (found.allowed) return {};
    return refuse(action, describe(service), found, who, "its own user and root");
}

Granted<void> Permissions::check_port(wire::PortKind kind, const Service& service,
                                      const Identity& who) const {
    for (const Route& route : routes()) {
        if (route.sender == kind)
            if (auto fine = check(Action::Send, service, who); !fine) return fine;
        if (route.receiver == kind)
            if (auto fine = check(Action::Receive, service, who); !fine) return fine;
    }
    return {};
}

}  // namespace roudi
