// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "harness/broker_process.hpp"
#include "program.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>

using Catch::Matchers::Contains;
using nlohmann::json;

namespace {

json findings(const std::map<std::string, std::string>& environment, int expected_code) {
    const auto outcome = run({.arguments = {"doctor", "--json"}, .environment = environment});
    REQUIRE(outcome.err.empty());
    CHECK(outcome.code == expected_code);
    return json::parse(outcome.out)["findings"];
}

json about(const json& list, const std::string& subject) {
    for (const auto& finding : list) {
        if (finding["subject"] == subject) return finding;
    }
    FAIL("nothing about " << subject << " in " << list.dump(2));
    return {};
}

}  // namespace

TEST_CASE("doctor names the broker that is alive, and looks at limits and kernel") {
    const harness::BrokerProcess broker;
    const auto list = findings(broker.environment(), 0);
    const std::string found = about(list, "ROUDI_SOCKET")["text"];
    CHECK_THAT(found, Contains(broker.socket()) && Contains("pid " + std::to_string(broker.pid())));
    CHECK(about(list, "version")["verdict"] == "ok");
    // The tests' broker runs as the tests' user.
    CHECK(about(list, "separation")["verdict"] == "warn");
    for (const auto* subject : {"descriptors", "mappings", "locked memory", "kernel", "memory files",
                                "pidfds", "membarrier", "autostart", "brokers"}) {
        about(list, subject);
    }
    for (const auto& finding : list) {
        CHECK((finding["verdict"] == "ok") == (finding["advice"] == ""));
    }
}

TEST_CASE("doctor counts the brokers, so that nobody sits in the wrong world unawares") {
    const harness::BrokerProcess first;
    const harness::BrokerProcess second;
    const harness::TemporaryDirectory runtime;
    std::filesystem::create_directory(runtime.path() / "roudi");
    std::filesystem::create_symlink(second.socket(), runtime.path() / "roudi" / "roudi.sock");
    auto environment = first.environment();
    environment["XDG_RUNTIME_DIR"] = runtime.path().string();
    const auto list = findings(environment, 0);
    CHECK_THAT(std::string{about(list, "user")["text"]}, Contains(std::to_string(second.pid())));
    const auto brokers = about(list, "brokers");
    CHECK(brokers["verdict"] == "warn");
    CHECK_THAT(std::string{brokers["text"]}, Contains("takes " + first.socket()));
}

TEST_CASE("a named socket without a broker is a failure that says what to do") {
    const harness::TemporaryDirectory empty;
    const auto socket = (empty.path() / "roudi.sock").string();
    const auto nothing = about(findings({{"ROUDI_SOCKET", socket}}, 1), "ROUDI_SOCKET");
    CHECK(nothing["verdict"] == "fail");
    CHECK_THAT(std::string{nothing["advice"]}, Contains("roudi --socket " + socket));

    std::ofstream{socket} << "not a socket";
    CHECK_THAT(std::string{about(findings({{"ROUDI_SOCKET", socket}}, 1), "ROUDI_SOCKET")["text"]},
               Contains("not a socket"));
}

TEST_CASE("a socket that a dead broker left is told from a broker that lives") {
    harness::BrokerProcess broker;
    broker.kill();
    const auto list = findings(broker.environment(), 1);
    CHECK_THAT(std::string{about(list, "ROUDI_SOCKET")["text"]}, Contains("nobody listens"));
}

TEST_CASE("a path too long for a socket is told as such") {
    const std::string path(200, 'x');
    CHECK_THAT(std::string{about(findings({{"ROUDI_SOCKET", "/" + path}}, 1), "ROUDI_SOCKET")["text"]},
               Contains("201 bytes"));
}

TEST_CASE("few descriptors are worth a warning") {
    const auto outcome = run({.arguments = {"-c", std::string{"ulimit -n 64; "} + ROUDICTL_PATH + " doctor"},
                              .executable = "/bin/sh"});
    CHECK_THAT(outcome.out, Contains("warn  descriptors") && Contains("ulimit -n 4096"));
}
