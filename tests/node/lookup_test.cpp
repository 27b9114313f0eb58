// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "harness/actor.hpp"
#include "harness/broker_process.hpp"

#include <ipc/ipc.hpp>

#include <nlohmann/json.hpp>

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

namespace {

// The broker that a node created in this environment ends at: its pid, or the error.
ACTOR(finder) {
    ipc::Config config;
    if (arguments.at(0) == "domain") config.domain = arguments.at(1);
    if (arguments.at(0) == "socket") config.socket = arguments.at(1);
    if (arguments.at(0) == "no-autostart") config.domain = arguments.at(1), config.autostart = false;
    config.autostart_idle_exit = std::chrono::seconds{1};
    test.tell("started");
    test.hear();
    const auto node =
        ipc::NodeBuilder{}.config(config).signal_handling_mode(ipc::SignalHandlingMode::Disabled).create();
    if (!node) {
        test.tell(std::string{to_string(node.error().code())} + ": " + node.error().message());
        return 0;
    }
    const auto introspection = ipc::Introspection::open(config).value();
    const auto status = nlohmann::json::parse(introspection.ask("status").value());
    test.tell(std::to_string(status.at("broker").at("pid").get<pid_t>()));
    test.hear();
    return 0;
}

pid_t broker_pid(const ipc::Config& config) {
    const auto introspection = ipc::Introspection::open(config).value();
    return nlohmann::json::parse(introspection.ask("status").value()).at("broker").at("pid").get<pid_t>();
}

// Misses its broker, and asks for something.
ACTOR(abandoned) {
    ipc::Config config;
    config.domain = arguments.at(0);
    config.autostart_idle_exit = std::chrono::seconds{1};
    const auto node = ipc::NodeBuilder{}
                          .config(config)
                          .signal_handling_mode(ipc::SignalHandlingMode::Disabled)
                          .create()
                          .value();
    test.tell(std::to_string(broker_pid(config)));
    test.hear();
    const auto service = node.service_builder("new").event().create().value();
    test.tell(std::to_string(broker_pid(config)));
    test.hear();
    return 0;
}

// A user's runtime directory of its own, and a domain that no system broker has.
struct World {
    harness::TemporaryDirectory directory;
    std::string domain = "test-" + std::to_string(::getpid());

    std::map<std::string, std::string> environment() const {
        return {{"XDG_RUNTIME_DIR", directory.path().string()}, {"ROUDI_EXECUTABLE", ROUDI_PATH}};
    }
    std::string socket() const { return (directory.path() / "roudi" / (domain + ".sock")).string(); }

    harness::Actor find(std::map<std::string, std::string> more = {}, std::string how = "domain") const {
        for (const auto& [name, value] : environment()) more.emplace(name, value);
        harness::Actor actor{"finder", {how, domain}, more};
        actor.expect("started");
        return actor;
    }
};

std::string outcome(const harness::Actor& actor) {
    actor.tell("go");
    return actor.hear();
}

bool is_number(const std::string& text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

// A started broker is nobody's child: waits for its end by pidfd, or ends it.
bool ends_by_itself(const std::string& pid) {
    const ipc::shm::UniqueFd end{
        static_cast<int>(::syscall(SYS_pidfd_open, static_cast<pid_t>(std::stol(pid)), 0))};
    if (!end) return errno == ESRCH;
    pollfd waited{.fd = end.get(), .events = POLLIN, .revents = 0};
    return ::poll(&waited, 1, harness::patience_ms) == 1;
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

// A socket at which nobody listens any more.
void leave_dead_socket(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    const ipc::shm::UniqueFd socket{::socket(AF_UNIX, SOCK_STREAM, 0)};
    REQUIRE(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
}

}  // namespace

TEST_CASE("a broker is started where none answers, and ends itself when nobody uses it") {
    const World world;
    std::string pid;
    {
        const auto first = world.find();
        pid = outcome(first);
        INFO(pid);
        REQUIRE(is_number(pid));
        const auto second = world.find();
        CHECK(outcome(second) == pid);
    }
    CHECK(ends_by_itself(pid));
}

TEST_CASE("a user's broker that died is started again by who asks for something") {
    const World world;
    std::string second;
    {
        const harness::Actor actor{"abandoned", {world.domain}, world.environment()};
        const std::string first = actor.hear();
        REQUIRE(::kill(std::stoi(first), SIGKILL) == 0);
        actor.tell("go on");
        second = actor.hear();
        CHECK(second != first);
    }
    CHECK(ends_by_itself(second));
}

TEST_CASE("processes that start a broker at once end at the same one") {
    const World world;
    std::vector<harness::Actor> finders;
    for (int i = 0; i < 6; ++i) finders.push_back(world.find());
    for (const auto& finder : finders) finder.tell("go");
    const std::string pid = finders.front().hear();
    INFO(pid);
    REQUIRE(is_number(pid));
    for (std::size_t i = 1; i < finders.size(); ++i) CHECK(finders[i].hear() == pid);
    finders.clear();
    CHECK(ends_by_itself(pid));
}

TEST_CASE("a dead socket of the user's is no obstacle") {
    const World world;
    std::filesystem::create_directory(world.directory.path() / "roudi");
    std::filesystem::permissions(world.directory.path() / "roudi", std::filesystem::perms::owner_all);
    leave_dead_socket(world.socket());
    std::string pid;
    {
        const auto finder = world.find();
        pid = outcome(finder);
        INFO(pid);
        REQUIRE(is_number(pid));
    }
    CHECK(ends_by_itself(pid));
}

TEST_CASE("autostart can be switched off, and the error says where it looked and what to do") {
    const World world;
    const std::string by_environment = outcome(world.find({{"ROUDI_AUTOSTART", "0"}}));
    const std::string by_configuration = outcome(world.find({}, "no-autostart"));
    for (const auto& message : {by_environment, by_configuration}) {
        INFO(message);
        CHECK(has(message, "NoBroker"));
        CHECK(has(message, "/run/roudi/" + world.domain + ".sock"));
        CHECK(has(message, world.socket()));
        CHECK(has(message, "roudi --user --socket " + world.socket()));
    }
    CHECK(has(by_environment, "ROUDI_AUTOSTART=0"));
    CHECK_FALSE(has(by_configuration, "ROUDI_AUTOSTART"));
}

TEST_CASE("a program that is no broker is an error that names it") {
    const World world;
    const std::string missing = outcome(world.find({{"ROUDI_EXECUTABLE", "/nowhere/roudi"}}));
    INFO(missing);
    CHECK(has(missing, "NoBroker"));
    CHECK(has(missing, "/nowhere/roudi"));
    const std::string failing = outcome(world.find({{"ROUDI_EXECUTABLE", "/bin/false"}}));
    INFO(failing);
    CHECK(has(failing, "/bin/false was started"));
    CHECK(has(failing, world.socket() + ".log"));
}

TEST_CASE("a directory that others can write to is not used") {
    const World world;
    const auto directory = world.directory.path() / "roudi";
    std::filesystem::create_directory(directory);
    std::filesystem::permissions(directory, std::filesystem::perms::all);
    const std::string message = outcome(world.find());
    INFO(message);
    CHECK(has(message, "NoBroker"));
    CHECK(has(message, directory.string()));
}

TEST_CASE("a socket that was named is the only one that is tried") {
    const World world;
    const harness::BrokerProcess broker;
    const std::string pid = std::to_string(broker.pid());
    SECTION("by the environment") {
        auto variables = world.environment();
        variables["ROUDI_SOCKET"] = broker.socket();
        const harness::Actor finder{"finder", {"default"}, variables};
        finder.expect("started");
        CHECK(outcome(finder) == pid);
    }
    SECTION("by the configuration, which comes before the environment") {
        auto variables = world.environment();
        variables["ROUDI_SOCKET"] = "/nowhere/roudi.sock";
        const harness::Actor finder{"finder", {"socket", broker.socket()}, variables};
        finder.expect("started");
        CHECK(outcome(finder) == pid);
    }
    SECTION("and where nobody is there, that is the error") {
        auto variables = world.environment();
        variables["ROUDI_SOCKET"] = "/nowhere/roudi.sock";
        const harness::Actor finder{"finder", {"default"}, variables};
        finder.expect("started");
        const std::string message = outcome(finder);
        INFO(message);
        CHECK(has(message, "NoBroker"));
        CHECK(has(message, "/nowhere/roudi.sock"));
        CHECK(has(message, "ROUDI_SOCKET"));
    }
}

TEST_CASE("domains do not see each other") {
    World world;
    const auto first = world.find();
    const std::string one = outcome(first);
    world.domain += "-other";
    const auto second = world.find();
    const std::string other = outcome(second);
    CHECK(is_number(one));
    CHECK(is_number(other));
    CHECK(one != other);
}

TEST_CASE("a domain that is no file name is refused") {
    World world;
    world.domain = "../x";
    const std::string message = outcome(world.find());
    CHECK(has(message, "NoBroker"));
    CHECK(has(message, "../x"));
}
