// SPDX-License-Identifier: Apache-2.0
#include "rules/permissions.hpp"

#include "catch.hpp"
#include "config/file_reader.hpp"
#include "config/keys.hpp"
#include "rules/name_pattern.hpp"

#include <array>
#include <string>

using roudi::Action;
using roudi::Identity;
using roudi::matches;

namespace {

const Identity root{.pid = 1, .uid = 0, .gid = 0, .groups = {}};
const Identity maker{.pid = 2, .uid = 1000, .gid = 1000, .groups = {}};
const Identity viewer{.pid = 3, .uid = 1001, .gid = 1001, .groups = {7, 44}};
const Identity stranger{.pid = 4, .uid = 1002, .gid = 1002, .groups = {}};

roudi::Permissions permissions(const std::string& rules) {
    roudi::Settings settings;
    const auto keys = roudi::keys_of(settings);
    const auto read = roudi::read_configuration(R"({"policy": [)" + rules + "]}", "f", keys);
    for (const auto& assignment : read.value())
        for (const auto& key : keys)
            if (key.name == assignment.key) key.set(assignment.value);
    return roudi::Permissions{settings.policy};
}

bool may(const roudi::Permissions& permissions, const Identity& who, Action action,
         const char* service = "camera/front") {
    return permissions.verdict(action, service, maker.uid, who).allowed;
}

constexpr std::array uses{Action::Open, Action::Send, Action::Receive, Action::Observe};

}  // namespace

TEST_CASE("a pattern describes the whole name") {
    CHECK(matches("*", ""));
    CHECK(matches("camera/*", "camera/"));
    CHECK(matches("camera/*", "camera/front/left"));
    CHECK_FALSE(matches("camera/*", "my camera/front"));
    CHECK_FALSE(matches("camera", "camera2"));
    CHECK(matches("camera?", "camera2"));
    CHECK_FALSE(matches("camera?", "camera"));
    CHECK(matches("*a*b*", "xxaxxbxx"));
    CHECK_FALSE(matches("*a*b", "xxbxxa"));
    CHECK(matches("", ""));
    CHECK_FALSE(matches("", "x"));
}

TEST_CASE("a pattern of many stars does not hold the broker up") {
    std::string pattern;
    for (int i = 0; i < 100; ++i) pattern += "*a";
    CHECK_FALSE(matches(pattern + "b", std::string(255, 'a')));
}

TEST_CASE("without a rule a service is for the user that created it, and root") {
    const auto none = permissions("");
    for (const Action action : uses) {
        CHECK(may(none, root, action));
        CHECK(may(none, maker, action));
        CHECK_FALSE(may(none, stranger, action));
    }
    CHECK(may(none, stranger, Action::Create));
}

TEST_CASE("the first rule that is about service, user and action decides") {
    const auto rules = permissions(R"(
        {"services": "camera/secret", "deny": ["all"]},
        {"services": "camera/*", "groups": [44], "allow": ["open", "receive"]},
        {"services": "camera/*", "users": ["1000"], "allow": ["create"]},
        {"services": "camera/*", "deny": ["create", "receive"]})");
    CHECK(may(rules, viewer, Action::Open));
    CHECK(may(rules, viewer, Action::Receive));
    CHECK_FALSE(may(rules, viewer, Action::Send));
    CHECK_FALSE(may(rules, viewer, Action::Create));
    CHECK_FALSE(may(rules, viewer, Action::Receive, "camera/secret"));
    CHECK(may(rules, maker, Action::Create));
    CHECK_FALSE(may(rules, maker, Action::Receive));
    CHECK(may(rules, maker, Action::Send));  // no rule is about that: it is his
    CHECK_FALSE(may(rules, maker, Action::Send, "camera/secret"));
    CHECK(may(rules, root, Action::Receive, "camera/secret"));
    CHECK(may(rules, stranger, Action::Create, "lidar"));
    CHECK_FALSE(may(rules, stranger, Action::Create));
}

TEST_CASE("a refusal names the rule, the service and the user") {
    const auto rules = permissions("\n\n{\"services\": \"camera/*\", \"deny\": [\"create\"]}");
    const auto refused = rules.check_create("camera/front", stranger);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == roudi::wire::Refusal::NotPermitted);
    for (const char* part : {"f:3", "create", "\"camera/front\"", "process 4", "user 1002"}) {
        INFO(refused.error().message);
        CHECK(refused.error().message.find(part) != std::string::npos);
    }
}
