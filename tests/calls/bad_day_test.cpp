// SPDX-License-Identifier: Apache-2.0
// What else can go wrong around a broker.
#include "broker/raw_client.hpp"
#include "calls/everything.hpp"
#include "catch.hpp"
#include "harness/actor.hpp"
#include "harness/world.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <system_error>

using namespace calls;
using namespace std::chrono_literals;
namespace filesystem = std::filesystem;

namespace {

using Number = std::uint64_t;

std::string text_of(const filesystem::path& file) {
    std::ostringstream text;
    text << std::ifstream{file}.rdbuf();
    return text.str();
}

// Each of these is a line in the log.
void break_the_protocol(const std::string& socket) {
    RawClient client{socket};
    client.send_frame("nonsense");
    (void)client.reason_of_the_end();
}

harness::BrokerProcess broker_with(std::vector<std::string> arguments,
                                   std::map<std::string, std::string> environment = {}) {
    return harness::BrokerProcess{
        {.arguments = std::move(arguments), .environment = std::move(environment), .configuration = ""}};
}

auto samples(const ipc::Node& node, const std::string& name = "flow") {
    return node.service_builder(name).publish_subscribe<Number>().open_or_create().value();
}

// Of a time as status shows it.
std::chrono::system_clock::time_point time_of(const std::string& utc) {
    std::tm parts{};
    std::istringstream{utc} >> std::get_time(&parts, "%Y-%m-%dT%H:%M:%SZ");
    return std::chrono::system_clock::from_time_t(::timegm(&parts));
}

// A socket is there before its broker listens.
bool accepts(const std::string& socket) {
    try {
        const RawClient client{socket};
        return true;
    } catch (const std::runtime_error&) {
        return false;
    }
}

bool serves(const std::string& socket) {
    const std::string trouble = do_everything(socket);
    INFO(trouble);
    CHECK(trouble.empty());
    return trouble.empty();
}

}  // namespace

TEST_CASE("a log on a disk that is full stops nobody") {
    const auto broker = broker_with({"--log-sink", "file:/dev/full"});
    break_the_protocol(broker.socket());
    CHECK(serves(broker.socket()));
}

TEST_CASE("a log whose reader is gone stops nobody") {
    const harness::TemporaryDirectory directory;
    const std::string pipe = (directory.path() / "log").string();
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    std::optional<ipc::shm::UniqueFd> reader{::open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)};
    const auto broker = broker_with({"--log-sink", "file:" + pipe});
    reader.reset();
    break_the_protocol(broker.socket());
    CHECK(serves(broker.socket()));
}

TEST_CASE("a log that is deleted stops nobody, and is there again once the broker is told to look") {
    const harness::TemporaryDirectory directory;
    const auto log = directory.path() / "log";
    auto broker = broker_with({"--log-sink", "file:" + log.string()});
    filesystem::remove(log);
    break_the_protocol(broker.socket());
    CHECK(serves(broker.socket()));
    CHECK_FALSE(filesystem::exists(log));
    broker.process().signal(SIGHUP);
    CHECK(harness::eventually([&] {
        break_the_protocol(broker.socket());
        return text_of(log).find("was ended") != std::string::npos;
    }));
}

// A sanitizer wants to be the first library that is loaded.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST_CASE("a clock that jumps by years, to and fro, changes nothing but what is shown") {
    const auto broker = broker_with({}, {{"LD_PRELOAD", JUMPING_CLOCK_PATH}});
    CHECK(serves(broker.socket()));
    RawClient observer{broker.socket()};
    observer.hello("observer", true);
    const auto status = observer.query("status");
    // Else the broker's clock did not jump at all.
    const auto shown = time_of(status["broker"]["started_at"].get<std::string>());
    constexpr std::chrono::hours nearly_a_year{360 * 24};
    CHECK(std::chrono::abs(shown - std::chrono::system_clock::now()) > nearly_a_year);
    CHECK(status["broker"]["uptime_s"] < 3600);
    CHECK(status["ended"].empty());
}
#endif

TEST_CASE("a socket file that is deleted is there again, and who was connected notices nothing") {
    const harness::BrokerProcess broker;
    const auto node = harness::node_at(broker.socket());
    auto publisher = samples(node).publisher_builder().create().value();
    SECTION("the file alone") {
        filesystem::remove(broker.socket());
    }
    SECTION("the file and its lock") {
        filesystem::remove(broker.socket());
        filesystem::remove(broker.socket() + ".lock");
    }
    SECTION("everything that was beside it") {
        for (const auto& file : filesystem::directory_iterator{broker.directory()})
            filesystem::remove_all(file);
    }
    SECTION("the whole directory") {
        // The broker may put a new file into it between the last file's removal and its own.
        REQUIRE(harness::eventually([&] {
            std::error_code error;
            filesystem::remove_all(broker.directory(), error);
            return !error;
        }));
    }
    SECTION("renamed") {
        filesystem::rename(broker.socket(), broker.socket() + ".old");
    }
    CHECK(harness::eventually([&] { return accepts(broker.socket()); }));
    CHECK(serves(broker.socket()));
    auto subscriber = samples(node).subscriber_builder().create().value();
    CHECK(publisher.send_copy(1).value() == 1);
    CHECK(subscriber.receive(harness::patience).value().has_value());
}

ACTOR(stops_now_and_then) {
    const auto node = harness::node_at(arguments.at(0), "stopped");
    auto subscriber = samples(node).subscriber_builder().create().value();
    test.tell("ready");
    while (true) {
        const auto sample = subscriber.receive(harness::patience).value();
        test.tell(sample ? std::to_string(**sample) : "nothing");
    }
}

// Sleeps for the first time when it is told to.
ACTOR(sleeps_late) {
    auto config = harness::config_for(arguments.at(0));
    config.timeout = 24h;  // for what it asks of the broker: longer than any test
    const auto node = ipc::NodeBuilder{}.config(config).create().value();
    auto subscriber = samples(node).subscriber_builder().create().value();
    test.tell("ready");
    test.hear();
    for (;;) {
        const auto sample = subscriber.receive(5ms).value();
        test.tell(sample ? std::to_string(**sample) : "nothing");
        if (!sample) test.hear();
    }
}

TEST_CASE("a client that is stopped hinders nobody, and goes on where it was") {
    const harness::BrokerProcess broker;
    harness::Actor actor{"stops_now_and_then", {broker.socket()}};
    actor.expect("ready");
    const auto node = harness::node_at(broker.socket());
    auto publisher = samples(node).publisher_builder().create().value();
    actor.process.stop();
    const auto until = std::chrono::steady_clock::now() + 1s;
    while (std::chrono::steady_clock::now() < until) REQUIRE(serves(broker.socket()));
    CHECK(publisher.send_copy(7).value() == 1);
    actor.process.signal(SIGCONT);
    actor.expect("7");
    RawClient observer{broker.socket()};
    observer.hello("observer", true);
    CHECK(observer.query("status")["ended"].empty());
}

TEST_CASE("a broker that is stopped stops no sample, and what is new waits for it") {
    harness::BrokerProcess broker;
    harness::Actor actor{"stops_now_and_then", {broker.socket()}};
    actor.expect("ready");
    auto config = harness::config_for(broker.socket());
    config.timeout = 50ms;
    const auto node = ipc::NodeBuilder{}.config(config).create().value();
    auto publisher = samples(node).publisher_builder().create().value();
    broker.process().stop();
    for (Number number = 1; number <= 1000; ++number) {
        REQUIRE(publisher.send_copy(number).value() == 1);
        actor.expect(std::to_string(number));
    }
    const auto refused = node.service_builder("new").event().open_or_create();
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code() == ipc::EventOpenOrCreateError::Timeout);
    broker.process().signal(SIGCONT);
    CHECK(serves(broker.socket()));
    CHECK(harness::eventually(
        [&] { return node.service_builder("new").event().open_or_create().has_value(); }));
    CHECK(publisher.send_copy(1001).value() == 1);
    actor.expect("1001");
}

TEST_CASE("who sleeps for the first time while the broker is stopped sleeps no longer than it wants") {
    harness::BrokerProcess broker;
    harness::Actor actor{"sleeps_late", {broker.socket()}};
    actor.expect("ready");
    const auto node = harness::node_at(broker.socket());
    auto publisher = samples(node).publisher_builder().create().value();
    broker.process().stop();
    actor.tell("sleep");
    for (Number number = 1; number <= 10; ++number) {
        actor.expect("nothing");
        REQUIRE(publisher.send_copy(number).value() == 1);
        actor.tell("go on");
        actor.expect(std::to_string(number));
    }
    broker.process().signal(SIGCONT);
    CHECK(serves(broker.socket()));
}

TEST_CASE("a broker without descriptors refuses what needs one, and serves when there are some again") {
    const harness::BrokerProcess broker;
    harness::Actor actor{"stops_now_and_then", {broker.socket()}};
    actor.expect("ready");
    const auto node = harness::node_at(broker.socket());
    auto publisher = samples(node).publisher_builder().create().value();
    rlimit before{};
    REQUIRE(::prlimit(broker.pid(), RLIMIT_NOFILE, nullptr, &before) == 0);
    const rlimit few{.rlim_cur = harness::open_descriptors(broker.pid()) + 12, .rlim_max = before.rlim_max};
    REQUIRE(::prlimit(broker.pid(), RLIMIT_NOFILE, &few, nullptr) == 0);
    {
        std::vector<ipc::Publisher<Number>> publishers;
        std::string refusal;
        while (refusal.empty()) {
            auto created =
                samples(node, "many " + std::to_string(publishers.size())).publisher_builder().create();
            if (created)
                publishers.push_back(std::move(*created));
            else
                refusal = created.error().message();
        }
        CHECK(refusal.find("Too many open files") != std::string::npos);
        CHECK(publisher.send_copy(1).value() == 1);
        actor.expect("1");
    }
    CHECK(harness::eventually([&] { return harness::open_descriptors(broker.pid()) + 6 < few.rlim_cur; }));
    CHECK(samples(node, "again").publisher_builder().create().has_value());
    REQUIRE(::prlimit(broker.pid(), RLIMIT_NOFILE, &before, nullptr) == 0);
    CHECK(serves(broker.socket()));
    CHECK(publisher.send_copy(2).value() == 1);
    actor.expect("2");
}
