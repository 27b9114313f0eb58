// SPDX-License-Identifier: Apache-2.0
// The broker as a program: how it starts, how it ends, and what it says when it cannot.
#include "catch.hpp"
#include "harness/broker_process.hpp"
#include "harness/not_tried.hpp"
#include "raw_client.hpp"
#include "service_stand_ins.hpp"

#include <signal.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace fs = std::filesystem;
using harness::Ending;

namespace {

constexpr Ending fine{.exited = true, .code = 0, .signal = 0};
constexpr Ending usage{.exited = true, .code = 2, .signal = 0};
constexpr Ending already_running{.exited = true, .code = 3, .signal = 0};

}  // namespace

TEST_CASE("a second broker on a live socket names the first and leaves it alone") {
    harness::BrokerProcess first;
    const auto second = run_roudi({"--socket", first.socket()});
    CHECK(second.ending == already_running);
    CHECK(second.error.find("process " + std::to_string(first.pid())) != std::string::npos);
    CHECK(second.error.find(first.socket()) != std::string::npos);
    RawClient{first.socket()}.hello();
}

TEST_CASE("a socket that a killed broker left is taken over") {
    harness::BrokerProcess broker;
    broker.kill();
    CHECK(fs::exists(broker.socket()));
    broker.start_again();
    RawClient{broker.socket()}.hello();
}

TEST_CASE("a stop ends every session with a word and leaves no socket behind") {
    harness::BrokerProcess broker;
    RawClient client{broker.socket()};
    client.hello();
    CHECK(broker.stop() == fine);
    CHECK(client.reason_of_the_end().find("SIGTERM") != std::string::npos);
    CHECK_FALSE(fs::exists(broker.socket()));
}

TEST_CASE("a file that is no socket is not touched") {
    const harness::TemporaryDirectory directory;
    const std::string path = directory.path() / "roudi.sock";
    std::ofstream{path} << "precious";
    const auto run = run_roudi({"--socket", path});
    CHECK(run.ending == usage);
    CHECK(run.error.find("no socket") != std::string::npos);
    CHECK(fs::file_size(path) == 8);
}

TEST_CASE("a path that no socket can have is refused") {
    const auto run = run_roudi({"--socket", "/tmp/" + std::string(120, 'x')});
    CHECK(run.ending == usage);
    CHECK(run.error.find("125 bytes") != std::string::npos);
}

TEST_CASE("the socket's mode says who may knock") {
    harness::BrokerProcess user{{.arguments = {"--user"}, .environment = {}, .configuration = {}}};
    harness::BrokerProcess system{{.arguments = {"--system"}, .environment = {}, .configuration = {}}};
    struct stat status {};
    REQUIRE(::stat(user.socket().c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    REQUIRE(::stat(system.socket().c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0666);
}

TEST_CASE("a user's broker is where users look and makes its directory") {
    const harness::TemporaryDirectory runtime;
    const NotifySocket manager{runtime.path() / "notify"};
    harness::Process broker{{.executable = roudi_path(),
                             .arguments = {"--user"},
                             .environment = {{"XDG_RUNTIME_DIR", runtime.path()},
                                             {"XDG_CONFIG_HOME", runtime.path()},
                                             {"NOTIFY_SOCKET", manager.path()}},
                             .without = {"ROUDI_SOCKET", "WATCHDOG_USEC"},
                             .descriptors = {}}};
    CHECK(manager.hear().find("READY=1") != std::string::npos);
    RawClient{runtime.path() / "roudi" / "roudi.sock"}.hello();
    broker.signal(SIGINT);
    CHECK(broker.wait() == fine);
}

TEST_CASE("a broker without clients ends after its idle time") {
    harness::BrokerProcess broker{
        {.arguments = {"--idle-exit", "1"}, .environment = {}, .configuration = {}}};
    {
        RawClient client{broker.socket()};
        client.hello();
        CHECK(broker.process().runs());
    }
    CHECK(broker.process().wait() == fine);
    CHECK(broker.log().find("idle") != std::string::npos);
    CHECK_FALSE(fs::exists(broker.socket()));
}

TEST_CASE("a service manager hears of readiness and watchdog and stop") {
    const harness::TemporaryDirectory directory;
    const auto abstract = GENERATE(false, true);
    const std::string path = abstract ? "@roudi-test-" + directory.path().filename().string()
                                      : (directory.path() / "notify").string();
    const NotifySocket manager{path};
    harness::Process broker{{.executable = roudi_path(),
                             .arguments = {"--socket", directory.path() / "roudi.sock"},
                             .environment = {{"NOTIFY_SOCKET", path}, {"WATCHDOG_USEC", "20000"}},
                             .without = {"WATCHDOG_PID"},
                             .descriptors = {}}};
    const std::string ready = manager.hear();
    CHECK(ready.find("READY=1") != std::string::npos);
    CHECK(ready.find("STATUS=accepting clients") != std::string::npos);
    CHECK(manager.hear_until("WATCHDOG=1"));
    broker.signal(SIGHUP);
    CHECK(manager.hear_until("RELOADING=1"));
    CHECK(manager.hear_until("READY=1"));
    broker.signal(SIGTERM);
    CHECK(manager.hear_until("STOPPING=1"));
    CHECK(broker.wait() == fine);
}

TEST_CASE("a socket that a service manager made is used and kept") {
    const harness::TemporaryDirectory directory;
    const std::string path = directory.path() / "activated.sock";
    const auto listening = listen_at(path);
    // LISTEN_PID has to name the broker: a shell knows its own number before it becomes the broker.
    harness::Process broker{{.executable = "/bin/sh",
                             .arguments = {"-c", "LISTEN_PID=$$ exec \"$0\"", roudi_path()},
                             .environment = {{"LISTEN_FDS", "1"}},
                             .without = {"NOTIFY_SOCKET"},
                             .descriptors = {{.number = 3, .source = listening.get()}}}};
    RawClient client{path};
    client.hello("looker", true);
    CHECK(client.query("status")["broker"]["socket"] == path);
    broker.signal(SIGTERM);
    CHECK(broker.wait() == fine);
    CHECK(fs::exists(path));
}

TEST_CASE("the first client starts a socket-activated broker") {
    const std::string activator = "/usr/bin/systemd-socket-activate";
    if (!fs::exists(activator)) {
        harness::left_out(activator + " is not installed");
        return;
    }
    const harness::TemporaryDirectory directory;
    const std::string path = directory.path() / "activated.sock";
    harness::Process broker{{.executable = activator,
                             .arguments = {"--listen", path, roudi_path()},
                             .environment = {},
                             .without = {"NOTIFY_SOCKET"},
                             .descriptors = {}}};
    REQUIRE(harness::eventually([&] { return fs::exists(path) && can_connect(path); }));
    RawClient client{path};
    CHECK(client.hello().broker_pid == static_cast<std::uint64_t>(broker.pid()));
}

TEST_CASE("a wrong gift of a service manager is refused") {
    const harness::TemporaryDirectory directory;
    std::ofstream{directory.path() / "log"} << "";
    const auto run = run_roudi({}, {{"LISTEN_FDS", "2"}}, "LISTEN_PID=$$ exec \"$0\" \"$@\"");
    CHECK(run.ending == usage);
    CHECK(run.error.find("2 descriptors") != std::string::npos);
}

TEST_CASE("a hangup signal reads the configuration again") {
    harness::BrokerProcess broker{
        {.arguments = {}, .environment = {}, .configuration = R"({"quota": {"user": {"services": 1}}})"}};
    const fs::path file = broker.directory() / "roudi.json";
    RawClient client{broker.socket()};
    client.hello();
    client.call<wire::ServiceOpened>(open_service("a"));
    client.call<wire::Refused>(open_service("b"));

    std::ofstream{file} << R"({"quota": {"user": {"services": 2}}, "log": {"sink": "syslog"}})";
    broker.process().signal(SIGHUP);
    REQUIRE(harness::eventually([&] { return broker.log().find("read again") != std::string::npos; }));
    client.call<wire::ServiceOpened>(open_service("b"));
    CHECK(broker.log().find("log.sink stays auto") != std::string::npos);

    std::ofstream{file} << R"({"quota": {"user": {"servces": 1}}})";
    broker.process().signal(SIGHUP);
    REQUIRE(harness::eventually([&] { return broker.log().find("stays as it was") != std::string::npos; }));
    CHECK(broker.log().find("did you mean quota.user.services") != std::string::npos);
    client.query("status");
}

TEST_CASE("a log file that was renamed is left when the broker is told to read its configuration again") {
    const harness::TemporaryDirectory directory;
    const fs::path file = directory.path() / "log";
    const fs::path rotated = directory.path() / "log.1";
    harness::BrokerProcess broker{
        {.arguments = {"--log-sink", "file:" + file.string()}, .environment = {}, .configuration = {}}};
    const auto text = [](const fs::path& path) {
        std::ostringstream contents;
        contents << std::ifstream{path}.rdbuf();
        return contents.str();
    };
    REQUIRE(text(file).find("accepts clients") != std::string::npos);
    fs::rename(file, rotated);
    broker.process().signal(SIGHUP);
    REQUIRE(harness::eventually([&] { return text(file).find("read again") != std::string::npos; }));
    CHECK(text(rotated).find("read again") == std::string::npos);

    // Where that is not possible, nothing is lost.
    fs::rename(file, rotated);
    fs::create_directory(file);
    broker.process().signal(SIGHUP);
    CHECK(
        harness::eventually([&] { return text(rotated).find("goes on where it was") != std::string::npos; }));
}

TEST_CASE("the command line explains itself") {
    const auto help = run_roudi({"--help"});
    CHECK(help.ending == fine);
    for (const char* part : {"--socket", "--idle-exit", "--check-config", "Exit codes"})
        CHECK(help.output.find(part) != std::string::npos);
    CHECK(run_roudi({"--version"}).output.find("roudi 0.") == 0);
    CHECK(run_roudi({"--no-such-option"}).ending == usage);
    CHECK(run_roudi({"--user", "--system"}).ending == usage);
}

TEST_CASE("a configuration is checked and printed without a start") {
    const harness::TemporaryDirectory directory;
    const std::string file = directory.path() / "roudi.json";
    std::ofstream{file} << "{\n  // a comment\n  \"log\": {\"level\": \"warning\"}\n}\n";
    CHECK(run_roudi({"--check-config", "--config", file}).ending == fine);
    const auto printed = run_roudi({"--print-config", "--config", file, "--idle-exit", "7"});
    CHECK(printed.output.find("\"level\": \"warning\",  // " + file + ":3") != std::string::npos);
    CHECK(printed.output.find("\"idle_exit_seconds\": 7,  // command line --idle-exit") != std::string::npos);

    std::ofstream{file} << "{\"log\": {\"level\": \"loud\"}}";
    const auto wrong = run_roudi({"--check-config", "--config", file});
    CHECK(wrong.ending == usage);
    CHECK(wrong.error.find(file + ":1: log.level is \"loud\"") != std::string::npos);
    CHECK(run_roudi({"--check-config", "--config", "/no/such/file"}).ending == usage);
}
