// SPDX-License-Identifier: Apache-2.0
#include "program.hpp"

#include "catch.hpp"
#include "harness/broker_process.hpp"

#include <ipc/ipc.hpp>

#include <nlohmann/json.hpp>

#include <signal.h>
#include <unistd.h>

#include <fstream>

using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
using nlohmann::json;

namespace {

using Service = ipc::PublishSubscribeService<std::uint64_t>;

// A broker, and this process as a node with a publisher and a subscriber.
struct World {
    harness::BrokerProcess broker;
    ipc::Node node = make_node();
    Service service = make_service("camera/front");
    ipc::Subscriber<std::uint64_t> subscriber = service.subscriber_builder().create().value();
    ipc::Publisher<std::uint64_t> publisher = service.publisher_builder().create().value();

    ipc::Node make_node() const {
        ipc::Config config;
        config.socket = broker.socket();
        return ipc::NodeBuilder{}
            .name("grabber")
            .config(config)
            .signal_handling_mode(ipc::SignalHandlingMode::Disabled)
            .create()
            .value();
    }
    Service make_service(const std::string& name) const {
        return node.service_builder(name).publish_subscribe<std::uint64_t>().open_or_create().value();
    }
    Program::Call call(std::vector<std::string> arguments) const {
        return {.arguments = std::move(arguments), .environment = broker.environment()};
    }
    Program::Outcome ask(std::vector<std::string> arguments) const { return run(call(std::move(arguments))); }
    json ask_json(std::vector<std::string> arguments) const {
        arguments.emplace_back("--json");
        const auto outcome = ask(std::move(arguments));
        REQUIRE(outcome.code == 0);
        return json::parse(outcome.out);
    }
};

}  // namespace

TEST_CASE("explain says of services, nodes and users who may do what, and who holds how much") {
    const World world;
    const auto service = world.ask_json({"explain", "camera/front"})["explain"];
    REQUIRE(service.size() == 1);
    CHECK(service[0]["kind"] == "service");
    const auto node = world.ask_json({"explain", "grabber"})["explain"];
    REQUIRE(node.size() == 1);
    CHECK(node[0]["holds"]["ports"] == 2);
    const auto user = world.ask_json({"explain", std::to_string(::getuid())})["explain"];
    REQUIRE(user.size() == 1);
    CHECK(user[0]["kind"] == "user");
    CHECK(user[0]["services"][0]["name"] == "camera/front");
    CHECK_THAT(world.ask({"explain", "camera/front"}).out, Contains("Created by") && Contains("RECEIVE"));
    CHECK_THAT(world.ask({"explain", "grabber"}).out, Contains("QUOTA") && Contains("camera/front"));
    CHECK(world.ask({"explain", "nobody-of-that-name"}).code == 1);
}

TEST_CASE("every verb shows a running world") {
    World world;
    world.publisher.send_copy(1).value();
    const auto pid = std::to_string(getpid());

    const auto status = world.ask({"status"});
    CHECK(status.code == 0);
    CHECK_THAT(status.out, Contains("pid " + std::to_string(world.broker.pid())));
    CHECK_THAT(status.out, Contains(world.broker.socket()));

    const auto services = world.ask({"services"});
    CHECK(services.code == 0);
    CHECK_THAT(services.out, StartsWith("SERVICE") && Contains("camera/front  publish_subscribe  u64"));

    const auto service = world.ask({"service", "camera/front"});
    CHECK(service.code == 0);
    CHECK_THAT(service.out, Contains("Created by   grabber (pid " + pid) && Contains("PUBLISHER OF"));

    const auto nodes = world.ask({"nodes"});
    CHECK(nodes.code == 0);
    CHECK_THAT(nodes.out, Contains("grabber") && Contains(pid));

    const auto ports = world.ask({"ports"});
    CHECK(ports.code == 0);
    CHECK_THAT(ports.out, Contains("PUBLISHER OF") && Contains("SUBSCRIBER OF") && Contains("SENT"));

    const auto config = world.ask({"config"});
    CHECK(config.code == 0);
    CHECK_THAT(config.out, Contains("quota.user.ports") && Contains("command line --socket"));

    for (const auto& outcome : {status, services, service, nodes, ports, config}) {
        CHECK(outcome.err.empty());
        CHECK_THAT(outcome.out, !Contains("\033"));
    }
}

TEST_CASE("what a service's creator said of it is shown") {
    const World world;
    const auto service = world.node.service_builder("described")
                             .publish_subscribe<std::uint64_t>()
                             .payload_schema({.format = "idl", .text = "long\tvalue;\n"})
                             .create_with_attributes(ipc::AttributeSpecifier{}.define("maker", "ACME"))
                             .value();
    const auto shown = world.ask({"service", "described"});
    CHECK_THAT(shown.out, Contains("Schema       idl, 12 B\n") && Contains("Attributes\n  maker  ACME\n"));
    CHECK(world.ask({"service", "described", "--schema"}).out == "Payload schema, idl:\nlong\tvalue;\n");
    CHECK(world.ask({"service", "described", "--schema", "--json"}).code == 2);
    const auto answer = world.ask_json({"service", "described"})["services"][0];
    CHECK(answer["attributes"] == json::parse(R"([{"key": "maker", "value": "ACME"}])"));
    CHECK(answer["settings"]["payload_schema"]["text"] == "long\tvalue;\n");
}

TEST_CASE("a node is found by its id, its name and its process") {
    const World world;
    const std::string id = world.ask_json({"nodes"})["nodes"][0]["id"];
    for (const auto& key : {id, std::string{"grabber"}, std::to_string(getpid())}) {
        const auto outcome = world.ask({"node", key});
        CHECK(outcome.code == 0);
        CHECK_THAT(outcome.out, Contains(id) && Contains("OPEN SERVICES\ncamera/front"));
    }
}

TEST_CASE("counters and queues of ports are shown as they are") {
    World world;
    world.publisher.send_copy(1).value();
    world.publisher.send_copy(2).value();
    auto held = world.subscriber.receive().value();

    const auto service = world.ask_json({"service", "camera/front"})["services"][0];
    REQUIRE(service["ports"].size() == 2);
    for (const auto& port : service["ports"]) {
        const auto& counters = port["counters"];
        REQUIRE(port["connections"].size() == 1);
        CHECK(port["connections"][0]["queue_depth"] == 1);
        CHECK(port["connections"][0]["peer_pid"] == getpid());
        if (port["kind"] == "publisher") {
            CHECK(counters["sent"] == 2);
            CHECK(counters["delivered"] == 2);
            CHECK(counters["bytes"] == 2 * sizeof(std::uint64_t));
        } else {
            CHECK(counters["received"] == 1);
            CHECK(counters["borrowed"] == 1);
        }
    }
}

TEST_CASE("bare names are for scripts") {
    const World world;
    const auto second = world.make_service("カメラ 後");
    const auto outcome = world.ask({"services", "--names"});
    CHECK(outcome.out == "camera/front\nカメラ 後\n");
    CHECK(world.ask({"nodes", "--names"}).out == "grabber\n");
}

TEST_CASE("what is not there is 1, with the nearest name") {
    const World world;
    const auto service = world.ask({"service", "camera/fornt"});
    CHECK(service.code == 1);
    CHECK(service.out.empty());
    CHECK_THAT(service.err, Contains("did you mean 'camera/front'?"));
    const auto node = world.ask({"node", "graber"});
    CHECK(node.code == 1);
    CHECK_THAT(node.err, Contains("did you mean 'grabber'?"));
}

TEST_CASE("a wrong command line is 2, and says what would be right") {
    const auto misspelt = run({.arguments = {"servcies"}});
    CHECK(misspelt.code == 2);
    CHECK_THAT(misspelt.err, Contains("Did you mean: roudictl services"));
    CHECK(run({.arguments = {}}).code == 2);
    CHECK(run({.arguments = {"service"}}).code == 2);
    CHECK(run({.arguments = {"status", "--watch=never"}}).code == 2);
    CHECK(run({.arguments = {"status", "--socket", "/a", "--domain", "b"}}).code == 2);
}

TEST_CASE("no broker is 3, and none is started") {
    const harness::TemporaryDirectory empty;
    const auto socket = (empty.path() / "roudi.sock").string();
    // Even where a node would start one.
    const auto outcome =
        run({.arguments = {"services", "--socket", socket}, .environment = {{"ROUDI_AUTOSTART", "1"}}});
    CHECK(outcome.code == 3);
    CHECK(outcome.out.empty());
    CHECK_THAT(outcome.err, StartsWith("roudictl: ") && Contains(socket));
    CHECK(std::filesystem::is_empty(empty.path()));
}

TEST_CASE("a domain is a socket of that name") {
    const harness::BrokerProcess broker;
    const harness::TemporaryDirectory runtime;
    std::filesystem::create_directory(runtime.path() / "roudi");
    std::filesystem::create_symlink(broker.socket(), runtime.path() / "roudi" / "lab.sock");
    const auto outcome = run({.arguments = {"--domain", "lab", "status"},
                              .environment = {{"XDG_RUNTIME_DIR", runtime.path().string()}}});
    CHECK(outcome.code == 0);
    CHECK_THAT(outcome.out, Contains("pid " + std::to_string(broker.pid())));
}

TEST_CASE("where a domain has no broker, the one that would be found there is what to start") {
    const harness::TemporaryDirectory runtime;
    const auto outcome = run({.arguments = {"--domain", "no-lab", "status"},
                              .environment = {{"XDG_RUNTIME_DIR", runtime.path().string()}}});
    CHECK(outcome.code == 3);
    CHECK_THAT(outcome.err, EndsWith("start one with: roudi --user --socket " +
                                     (runtime.path() / "roudi" / "no-lab.sock").string() + "\n"));
}

TEST_CASE("the usage of a command names its argument") {
    CHECK_THAT(run({.arguments = {"service", "--help"}}).out, Contains("roudictl service [OPTIONS] NAME"));
    CHECK_THAT(run({.arguments = {"node", "--help"}}).out, Contains("roudictl node [OPTIONS] ID|NAME|PID"));
    CHECK_THAT(run({.arguments = {"service"}}).err, Contains("NAME is required"));
}

TEST_CASE("help and version are 0, and help has examples") {
    const auto help = run({.arguments = {"--help"}});
    CHECK(help.code == 0);
    CHECK_THAT(help.out, Contains("Examples:") && Contains("Exit codes:"));
    const auto version = run({.arguments = {"--version"}});
    CHECK(version.code == 0);
    CHECK(version.out == std::string{"roudictl "} + ipc::version() + "\n");
}

TEST_CASE("there is colour on a terminal, but not where nobody wants it") {
    const World world;
    auto call = world.call({"services"});
    call.terminal = true;
    CHECK_THAT(run(call).out, Contains("\033[1mSERVICE"));
    call.environment["NO_COLOR"] = "1";
    CHECK_THAT(run(call).out, !Contains("\033"));
}

TEST_CASE("followed, each change is a line, and SIGINT ends in good order") {
    World world;
    auto program = Program{world.call({"services", "--json", "--watch=0.05"})};
    CHECK(json::parse(program.line())["services"].size() == 1);
    const auto second = world.make_service("second");
    CHECK(json::parse(program.line())["services"].size() == 2);
    program.signal(SIGINT);
    const auto outcome = program.outcome();
    CHECK(outcome.code == 0);
    CHECK(outcome.out.empty());
}

TEST_CASE("followed on a terminal, the picture is drawn over the last one") {
    World world;
    auto call = world.call({"services", "--watch=0.05"});
    call.terminal = true;
    auto program = Program{call};
    CHECK_THAT(program.line(), StartsWith("\033[2J\033[H") && Contains("SERVICE"));
    CHECK_THAT(program.line(), Contains("camera/front"));
    CHECK_THAT(program.line(), StartsWith("\033[J\033[H"));
    program.signal(SIGTERM);
    CHECK(program.outcome().code == 0);
}

TEST_CASE("followed, the end of the broker is 3") {
    World world;
    auto program = Program{world.call({"status", "--json", "--watch=0.05"})};
    CHECK_FALSE(program.line().empty());
    world.broker.kill();
    CHECK(program.outcome().code == 3);
}

TEST_CASE("output that cannot be written is an error") {
    const World world;
    const auto outcome = run({.arguments = {"-c", std::string{ROUDICTL_PATH} + " services >/dev/full"},
                              .environment = world.broker.environment(),
                              .executable = "/bin/sh"});
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.err, Contains("could not be written"));
}

TEST_CASE("who knows only the broker's name finds the answers") {
    const World world;
    auto call = world.call({"services", "--names"});
    call.executable = ROUDI_PATH;
    const auto outcome = run(call);
    CHECK(outcome.code == 0);
    CHECK(outcome.out == "camera/front\n");
    call.arguments = {"service", "nothing"};
    CHECK(run(call).code == 1);
}
