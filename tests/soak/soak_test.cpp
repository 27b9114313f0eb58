// SPDX-License-Identifier: Apache-2.0
// Processes and the broker are killed again and again, all the while.
#include "broker/raw_client.hpp"
#include "catch.hpp"
#include "crash/traces.hpp"
#include "harness/actor.hpp"
#include "harness/broker_process.hpp"
#include "soak/tally.hpp"

#include <nlohmann/json.hpp>

#include <signal.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <sstream>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

using namespace soak;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

constexpr auto between_deaths = 5ms;
constexpr auto between_deaths_of_the_broker = 500ms;
constexpr std::size_t mortals_alive = 12;
// One sends to two, in four ways each.
constexpr std::size_t survivors_ports = 12;
constexpr std::size_t survivors_connections = 8;
constexpr std::array<const char*, 6> roles{"publisher", "subscriber", "client",
                                           "server",    "notifier",   "listener"};

// SOAK_SEED from the environment, else another each time.
std::uint64_t seed() {
    const char* given = std::getenv("SOAK_SEED");
    const std::uint64_t seed = given != nullptr ? std::stoull(given) : std::random_device{}();
    std::printf("soak: SOAK_SEED=%llu\n", static_cast<unsigned long long>(seed));
    return seed;
}

class Survivors {
 public:
    Survivors(const harness::BrokerProcess& broker, const std::string& tally)
        : threaded_{"receiving", {broker.socket(), tally, "threaded"}},
          driven_{"receiving", {broker.socket(), tally, "driven"}} {
        threaded_.expect("ready");
        driven_.expect("ready");
        sending_.emplace("sending", std::vector<std::string>{broker.socket(), tally, "2"});
        sending_->expect("ready");
    }
    ~Survivors() {
        for (harness::Actor* actor : all()) actor->tell("end");
    }
    // All that was sent has come. They go on.
    void compare() {
        sending_->tell("pause");
        const std::string sent = sending_->hear();
        for (harness::Actor* receiving : {&threaded_, &driven_}) receiving->tell(sent);
        for (harness::Actor* receiving : {&threaded_, &driven_}) receiving->expect("has all");
        sending_->tell("go on");
    }
    std::map<std::string, pid_t> pids() {
        return {{"the sending survivor's", sending_->process.pid()},
                {"the receiving survivor's", threaded_.process.pid()},
                {"the driven survivor's", driven_.process.pid()}};
    }

 private:
    std::array<harness::Actor*, 3> all() { return {&*sending_, &threaded_, &driven_}; }

    harness::Actor threaded_;
    harness::Actor driven_;
    std::optional<harness::Actor> sending_;
};

// Those that are killed, one of each role and then as chance has it.
class Mortals {
 public:
    Mortals(const harness::BrokerProcess& broker, const std::string& tally, std::uint64_t seed)
        : chance_{seed}, nursery_{"nursery", {broker.socket(), tally}} {}
    void are_born() {
        deaths_ = 0;
        for (std::size_t i = 0; i < mortals_alive; ++i) alive_.push_back(born(roles[i % roles.size()]));
    }
    void one_dies() {
        pid_t& one = alive_[chance_() % alive_.size()];
        ::kill(one, SIGKILL);
        ++deaths_;
        one = born(roles[chance_() % roles.size()]);
    }
    void all_die() {
        for (const pid_t pid : alive_) ::kill(pid, SIGKILL);
        deaths_ += alive_.size();
        for (const pid_t pid : alive_)
            if (!harness::eventually([&] { return ::kill(pid, 0) != 0; }))
                throw std::runtime_error{"a process outlives its death"};
        alive_.clear();
    }
    std::uint64_t deaths() const { return deaths_; }

 private:
    pid_t born(const std::string& role) {
        nursery_.tell(role + " " + std::to_string(chance_()));
        return static_cast<pid_t>(std::stol(nursery_.hear()));
    }

    std::mt19937_64 chance_;
    harness::Actor nursery_;
    std::vector<pid_t> alive_;
    std::uint64_t deaths_ = 0;
};

nlohmann::json status(const harness::BrokerProcess& broker) {
    RawClient observer{broker.socket()};
    observer.hello("observer", true);
    return observer.query("status");
}

// What the brokers had to complain about.
std::string log_without_info(const harness::BrokerProcess& broker) {
    std::istringstream log{broker.log()};
    std::string complaints;
    for (std::string line; std::getline(log, line);)
        if (line.find(" info: ") == std::string::npos) complaints += line + "\n";
    return complaints;
}

// To be killed is no incident, and all are honest.
void look_for_incidents(const harness::BrokerProcess& broker, Tally& tally) {
    const auto told = status(broker);
    for (const char* incident : {"cut", "ended", "not_readopted"})
        for (const auto& entry : told[incident]) tally.found(std::string{incident} + ": " + entry.dump());
}

std::set<std::string> files_in(const std::filesystem::path& directory) {
    std::set<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator{directory})
        files.insert(entry.path().filename().string());
    return files;
}

// One process after the other, and one broker after the other; in the end all mortals. How many brokers.
std::uint64_t kill_for(std::chrono::seconds duration, Mortals& mortals, harness::BrokerProcess& broker,
                       Tally& tally) {
    std::uint64_t brokers = 0;
    {
        mortals.are_born();
        const std::jthread killing_brokers{[&](const std::stop_token& over) {
            try {
                for (auto next = Clock::now(); !over.stop_requested(); ++brokers) {
                    std::this_thread::sleep_until(next += between_deaths_of_the_broker);
                    look_for_incidents(broker, tally);
                    broker.kill();
                    broker.start_again();
                }
            } catch (const std::exception& failure) {
                tally.found(failure.what());
            }
        }};
        const auto end = Clock::now() + duration;
        for (auto next = Clock::now(); next < end; next += between_deaths) {
            std::this_thread::sleep_until(next);
            mortals.one_dies();
        }
    }
    mortals.all_die();
    return brokers;
}

void soak_for(std::chrono::seconds duration) {
    harness::BrokerProcess broker;
    const std::string file = broker.directory() / "tally";
    Tally tally{file};
    Survivors survivors{broker, file};
    Mortals mortals{broker, file, seed()};
    // What is made when it is first needed, such as a line that wakes a peer, is there after this, and stays.
    (void)kill_for(1s, mortals, broker, tally);
    survivors.compare();
    // A node is counted before its ports and connections are back.
    REQUIRE(harness::eventually([&] {
        const auto totals = status(broker)["totals"];
        return totals["nodes"] == 3 && totals["ports"] == survivors_ports &&
               totals["connections"] == survivors_connections;
    }));
    crash::Traces traces{broker, survivors.pids()};
    traces.remember();
    const auto files = files_in(broker.directory());

    const std::uint64_t brokers = kill_for(duration, mortals, broker, tally);
    survivors.compare();
    try {
        traces.reconnect();
        traces.expect_none([] {});
    } catch (const std::exception& failure) {
        tally.found(failure.what());
    }
    survivors.compare();
    look_for_incidents(broker, tally);
    CHECK(status(broker)["totals"]["nodes"] == 3);
    CHECK(files_in(broker.directory()) == files);

    std::printf("soak: %lld s, %llu processes and %llu brokers killed; verified:",
                static_cast<long long>(duration.count()), static_cast<unsigned long long>(mortals.deaths()),
                static_cast<unsigned long long>(brokers));
    for (std::size_t kind = 0; kind < name_of_kinds.size(); ++kind) {
        const auto count = tally.count_of(static_cast<Kind>(kind));
        std::printf("%s %llu %s", kind == 0 ? "" : ",", static_cast<unsigned long long>(count),
                    name_of_kinds[kind]);
        CHECK(count > 0);
    }
    std::printf("; violations: %llu\n", static_cast<unsigned long long>(tally.violations()));
    for (const std::string& violation : tally.first_violations()) UNSCOPED_INFO(violation);
    UNSCOPED_INFO(log_without_info(broker));
    CHECK(tally.violations() == 0);
}

}  // namespace

TEST_CASE("processes and brokers are killed all the while, and nobody else loses anything") {
    soak_for(3s);
}

TEST_CASE("likewise for a minute", "[.long]") {
    soak_for(60s);
}
