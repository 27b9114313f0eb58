// SPDX-License-Identifier: Apache-2.0
#include "config/policy_reader.hpp"

#include "config/principals.hpp"
#include "text/nearest.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace roudi {

namespace {

constexpr std::array<std::string_view, 5> rule_keys{"services", "users", "groups", "allow", "deny"};

template <class Names>
std::string hint(const std::string& asked, const Names& names) {
    Nearest nearest{asked};
    for (const std::string_view name : names) nearest.consider(name);
    return nearest.found().empty() ? "" : "; did you mean " + std::string{nearest.found()} + "?";
}

std::string add_action(Actions& actions, const std::string& name) {
    if (name == "all") return actions.add_all(), "";
    const auto found = std::find(action_names.begin(), action_names.end(), name);
    if (found == action_names.end())
        return "\"" + name + "\" is nothing that a rule allows or denies" + hint(name, action_names);
    actions.add(static_cast<Action>(found - action_names.begin()));
    return "";
}

}  // namespace

std::string PolicyReader::begin_object(std::string from) {
    if (in_rule_) return value("an object");
    in_rule_ = true;
    policy_.emplace_back().from = std::move(from);
    return "";
}

std::string PolicyReader::end_object() {
    in_rule_ = false;
    key_.clear();
    const PolicyRule& rule = policy_.back();
    if (rule.allow.empty() && rule.deny.empty()) return "a rule of the policy allows and denies nothing";
    return "";
}

std::string PolicyReader::key(const std::string& name) {
    if (std::find(rule_keys.begin(), rule_keys.end(), name) == rule_keys.end())
        return "unknown key " + name + " in a rule of the policy" + hint(name, rule_keys);
    key_ = name;
    return "";
}

std::string PolicyReader::begin_list() {
    if (!in_rule_ || in_list_ || key_ == "services") return value("a list");
    in_list_ = true;
    return "";
}

bool PolicyReader::end_list() {
    return !std::exchange(in_list_, false);
}

std::string PolicyReader::text(const std::string& text) {
    if (in_rule_ && key_ == "services" && !in_list_) return policy_.back().services = text, "";
    if (!in_list_) return value("a text");
    if (key_ == "allow") return add_action(policy_.back().allow, text);
    if (key_ == "deny") return add_action(policy_.back().deny, text);
    return add_principal(text);
}

std::string PolicyReader::number(std::uint64_t number) {
    if (!in_list_ || (key_ != "users" && key_ != "groups")) return value(std::to_string(number));
    return add_principal(std::to_string(number));
}

std::string PolicyReader::add_principal(const std::string& name) {
    const bool user = key_ == "users";
    const auto id = user ? user_id(name) : group_id(name);
    if (!id) return std::string{user ? "no user" : "no group"} + " \"" + name + "\" is known to this system";
    PolicyRule& rule = policy_.back();
    (user ? rule.users : rule.groups).push_back({.name = name, .id = *id});
    return "";
}

std::string PolicyReader::value(const std::string& shown) const {
    const char* expected = !in_rule_            ? "a rule is an object"
                           : key_ == "services" ? "services is a text"
                                                : "users, groups, allow and deny are lists of texts";
    return shown + " is in the policy where it cannot be: " + expected;
}

}  // namespace roudi
