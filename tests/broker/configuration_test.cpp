// SPDX-License-Identifier: Apache-2.0
#include "config/configuration.hpp"

#include "catch.hpp"
#include "harness/temporary_directory.hpp"

#include <filesystem>
#include <fstream>

using roudi::Configuration;

namespace {

void write(const std::filesystem::path& path, const std::string& text) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream{path} << text;
}

Configuration::Request request(const std::filesystem::path& file) {
    return {.scope = roudi::Scope::System, .file = file.string(), .command_line = {}};
}

}  // namespace

TEST_CASE("later sources win over earlier ones") {
    const harness::TemporaryDirectory directory;
    const auto file = directory.path() / "roudi.json";
    write(file, R"({"idle_exit_seconds": 1, "log": {"level": "debug"}, "session": {"queue_answers": 10}})");
    write(directory.path() / "roudi.json.d" / "20-b.json", R"({"idle_exit_seconds": 3})");
    write(directory.path() / "roudi.json.d" / "10-a.json",
          R"({"idle_exit_seconds": 2, "log": {"level": "error"}})");
    write(directory.path() / "roudi.json.d" / "30-not-read.txt", "garbage");
    auto asked = request(file);
    asked.command_line = {{.key = "session.queue_answers", .value = std::uint64_t{12}, .from = "here"}};
    const auto loaded = Configuration::load(asked);
    REQUIRE(loaded);
    CHECK(loaded->settings.idle_exit_seconds == 3);
    CHECK(loaded->settings.log_level == "error");
    CHECK(loaded->settings.queue_answers == 12);
    CHECK(loaded->files.size() == 3);
    CHECK(loaded->sources.at("idle_exit_seconds").find("20-b.json:1") != std::string::npos);
    CHECK(loaded->sources.at("session.queue_answers") == "here");
}

TEST_CASE("rules of a later file are asked before those of earlier ones") {
    const harness::TemporaryDirectory directory;
    const auto file = directory.path() / "roudi.json";
    write(file, R"({"policy": [{"services": "a", "deny": ["all"]}, {"services": "b", "deny": ["send"]}]})");
    write(directory.path() / "roudi.json.d" / "10.json",
          R"({"policy": [{"services": "c", "users": ["root", 12], "groups": ["root"], "allow": ["open"]}]})");
    const auto loaded = Configuration::load(request(file));
    REQUIRE(loaded);
    const auto& policy = loaded->settings.policy;
    REQUIRE(policy.size() == 3);
    CHECK(policy[0].services == "c");
    CHECK(policy[0].users == std::vector<roudi::Principal>{{"root", 0}, {"12", 12}});
    CHECK(policy[0].groups == std::vector<roudi::Principal>{{"root", 0}});
    CHECK(policy[1].services == "a");
    CHECK(policy[2].services == "b");
    const std::string& source = loaded->sources.at("policy");
    CHECK(source.find("10.json:1") < source.find("roudi.json:1"));

    const auto copy = directory.path() / "copy.json";
    write(copy, loaded->text());
    const auto again = Configuration::load(request(copy));
    REQUIRE(again);
    REQUIRE(again->settings.policy.size() == 3);
    CHECK(again->settings.policy[0].users == policy[0].users);
    CHECK(again->settings.policy[1].deny == policy[1].deny);
}

TEST_CASE("what is printed can be read back") {
    const harness::TemporaryDirectory directory;
    const auto file = directory.path() / "roudi.json";
    write(file, R"({"quota": {"user": {"ports": 17}}, "socket": "/a \"path\"/with // in it"})");
    const auto first = Configuration::load(request(file));
    REQUIRE(first);
    const auto copy = directory.path() / "copy.json";
    write(copy, first->text());
    const auto second = Configuration::load(request(copy));
    REQUIRE(second);
    CHECK(second->settings.quotas.user == first->settings.quotas.user);
    CHECK(second->settings.socket == first->settings.socket);
}

TEST_CASE("a mistake is named with file, line and what would be right") {
    struct Mistake {
        const char* text;
        const char* message;
    };
    const auto mistake = GENERATE(values<Mistake>({
        {"{\n\"sokket\": \"x\"}", ":2: unknown key sokket; did you mean socket?"},
        {"{\n\n\"log\": {\"levle\": \"info\"}}", ":3: unknown key log.levle; did you mean log.level?"},
        {"{\"log\": {},\n\"log\": {}}", ":2: key log is there twice"},
        {"{\"socket\": \"a\",\n\"socket\": \"b\"}", ":2: key socket is there twice"},
        {"{\n\"socket\":\n 7}", ":2: socket is 7, and a text is expected"},
        {"{\"idle_exit_seconds\": \"soon\"}", ":1: idle_exit_seconds is \"soon\", and a number is expected"},
        {"{\"idle_exit_seconds\": 1.5}", ":1: idle_exit_seconds is 1.5, and a number from 0 on is expected"},
        {"{\"idle_exit_seconds\": -1}", ":1: idle_exit_seconds is -1, and a number from 0 on is expected"},
        {"{\"idle_exit_seconds\": [1]}", ":1: idle_exit_seconds is a list"},
        {"{\"idle_exit_seconds\": {}}", ":1: idle_exit_seconds is an object"},
        {"{\"socket\": null}", ":1: socket is null, and a text is expected"},
        {"{\"quota\": 5}", ":1: quota is a number, and an object is expected"},
        {"{\"session\": {\"queue_answers\": 0}}", ":1: session.queue_answers is 0, and at least 1"},
        {"{\"log\": {\"level\": \"loud\"}}", "debug info warning error off"},
        {"{\"policy\": 5}", ":1: policy is a number, and a list of rules is expected"},
        {"{\"policy\": {}}", ":1: policy is an object, and a list of rules is expected"},
        {"{\"policy\": [\n5]}", ":2: 5 is in the policy where it cannot be: a rule is an object"},
        {"{\"policy\": [\n[]]}", ":2: a list is in the policy where it cannot be"},
        {"{\"policy\": [\n{}]}", ":2: a rule of the policy allows and denies nothing"},
        {"{\"policy\": [{\"service\": \"x\"}]}",
         ":1: unknown key service in a rule of the policy; did you mean "
         "services?"},
        {"{\"policy\": [{\"allow\": [\"recieve\"]}]}",
         "\"recieve\" is nothing that a rule allows or denies; did "
         "you mean receive?"},
        {"{\"policy\": [{\"allow\": \"send\"}]}",
         ":1: a text is in the policy where it cannot be: users, groups"},
        {"{\"policy\": [{\"users\": [\"nobody at all\"]}]}", ":1: no user \"nobody at all\" is known"},
        {"{\"policy\": [{\"groups\": [-1]}]}", ":1: -1 is in the policy where it cannot be"},
        {"{\"policy\": [{\"deny\": [[]]}]}", ":1: a list is in the policy where it cannot be"},
        {"[]", ":1: the configuration is a list"},
        {"3", ":1: the configuration is a number"},
        {"", ":1: this is not JSON"},
        {"{\n\n\"socket\" \"x\"}", ":3: this is not JSON: syntax error"},
    }));
    const harness::TemporaryDirectory directory;
    const auto file = directory.path() / "roudi.json";
    write(file, mistake.text);
    const auto loaded = Configuration::load(request(file));
    REQUIRE_FALSE(loaded);
    INFO(loaded.error());
    CHECK(loaded.error().find(file.string()) != std::string::npos);
    CHECK(loaded.error().find(mistake.message) != std::string::npos);
}

TEST_CASE("the configuration that is installed says the defaults") {
    const auto installed = Configuration::load(request(DEFAULT_CONFIGURATION));
    REQUIRE(installed);
    const roudi::Settings defaults;
    CHECK(installed->settings.quotas.session == defaults.quotas.session);
    CHECK(installed->settings.quotas.user == defaults.quotas.user);
    CHECK(installed->settings.queue_bytes == defaults.queue_bytes);
    CHECK(installed->settings.queue_descriptors == defaults.queue_descriptors);
    CHECK(installed->settings.queue_answers == defaults.queue_answers);
    CHECK(installed->settings.frame_timeout_ms == defaults.frame_timeout_ms);
    CHECK(installed->settings.hung_after_ms == defaults.hung_after_ms);
    CHECK(installed->settings.policy.empty());
    CHECK(installed->settings.log_level == defaults.log_level);
    CHECK(installed->settings.log_sink == defaults.log_sink);
}
