// SPDX-License-Identifier: Apache-2.0
#include "restart.hpp"

#include "asker.hpp"
#include "broker_program.hpp"
#include "node.hpp"
#include "shared_memory.hpp"
#include "statistics.hpp"
#include "two_processes.hpp"
#include "watched_flow.hpp"

#include <ipc/ipc.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace bench {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds patience{20};  // longer than any node's timeout

using Number = std::uint64_t;

auto open_new(const ipc::Node& node, const std::string& name) {
    return node.service_builder(name).publish_subscribe<Number>().open_or_create().value();
}

void want_port(const ipc::Node& node, const std::string& name, const std::function<void()>& done) {
    const auto service = open_new(node, name + "/port");
    const auto publisher = service.publisher_builder().create().value();
    done();
}

void want_to_send(const ipc::Node& node, const std::string& name, const std::function<void()>& done) {
    constexpr auto pause = 50us;  // the broker needs a core
    const auto service = open_new(node, name + "/sample");
    auto publisher = service.publisher_builder().create().value();
    while (publisher.send_copy(Number{1}).value() == 0) std::this_thread::sleep_for(pause);
    done();
}

void want_to_receive(const ipc::Node& node, const std::string& name, const std::function<void()>& done) {
    const auto service = open_new(node, name + "/sample");
    auto subscriber = service.subscriber_builder().create().value();
    if (!subscriber.receive(patience).value()) throw std::runtime_error{"the first sample did not come"};
    done();
}

// Milliseconds, from just before SIGKILL of the broker until the last of them has what it wants. They ask
// while there is none.
double all_served_ms(BrokerProgram& broker, std::initializer_list<const Asker*> askers) {
    const auto begin = Clock::now();
    broker.kill();
    for (const Asker* const asker : askers) asker->ask();
    broker.start_again();
    auto end = begin;
    for (const Asker* const asker : askers) end = std::max(end, asker->wait());
    for (const Asker* const asker : askers) asker->dismiss();
    return std::chrono::duration<double, std::milli>(end - begin).count();
}

// So many nodes are there, so that the next broker's death meets what the last one's met.
void wait_for_nodes(const BrokerProgram& broker, std::size_t expected) {
    ipc::Config config;
    config.socket = broker.socket();
    for (const auto give_up = Clock::now() + patience; Clock::now() < give_up;
         std::this_thread::sleep_for(1ms)) {
        std::size_t found = 0;
        ipc::Node::list(config, [&](const ipc::NodeDetails&) {
            ++found;
            return ipc::CallbackProgression::Continue;
        }).value();
        if (found == expected) return;
    }
    throw std::runtime_error{"nodes did not come back to their broker"};
}

std::vector<double> ratios(const std::vector<double>& figures, const std::vector<double>& yardsticks) {
    std::vector<double> result;
    std::transform(figures.begin(), figures.end(), yardsticks.begin(), std::back_inserter(result),
                   [](double figure, double yardstick) { return figure / yardstick; });
    return result;
}

Rows row(const std::string& what, const char* unit, const std::vector<double>& figures) {
    return Rows{{"figure", what},
                {"unit", unit},
                {"median", median(figures)},
                {"slowest", quantile(figures, 1)},
                {"to_quiet", nullptr},
                {"ratio", nullptr},
                {"spread", spread(figures)},
                {"bound", nullptr},
                {"rounds", figures.size()}};
}

// The three in turn, in each round.
void longest_gaps(Rows& rows, std::size_t rounds, WatchedFlow& flow, BrokerProgram& broker,
                  BrokerProgram& neighbour) {
    constexpr double bound = 2;
    const auto gap_while_it_restarts = [&](BrokerProgram& program) {
        const double gap = flow.longest_gap_us([&] {
            program.kill();
            program.start_again();
        });
        wait_for_nodes(program, WatchedFlow::nodes);
        return gap;
    };
    std::vector<double> quiet, beside, own;
    for (std::size_t i = 0; i < rounds; ++i) {
        quiet.push_back(flow.longest_gap_us([] {}));
        beside.push_back(gap_while_it_restarts(neighbour));
        own.push_back(gap_while_it_restarts(broker));
    }
    rows.push_back(row("longest gap of a flow, no restart", "us", quiet));
    rows.push_back(row("... a neighbour's broker restarts", "us", beside));
    rows.back()["to_quiet"] = median(ratios(beside, quiet));
    rows.push_back(row("... its own broker restarts", "us", own));
    rows.back()["to_quiet"] = median(ratios(own, quiet));
    rows.back()["ratio"] = median(ratios(own, beside));
    rows.back()["spread"] = spread(ratios(own, beside));
    rows.back()["bound"] = bound;
}

struct Askers {
    Asker port, sending, receiving;
    static constexpr std::size_t nodes = 3;

    Askers(const BrokerProgram& broker, SharedMemory& memory)
        : port{broker, memory, want_port},
          sending{broker, memory, want_to_send},
          receiving{broker, memory, want_to_receive} {}
    void begin() const {
        for (const Asker* const asker : {&port, &sending, &receiving}) asker->begin();
    }
};

// `nodes`: all that have to come back.
void until_served(Rows& rows, const std::string& where, const Options& options, BrokerProgram& broker,
                  const Askers& askers, std::size_t nodes) {
    constexpr double bound = 100;
    std::vector<double> alone, new_port, first_sample;
    for (std::size_t i = 0; i < options.rounds_or(20, 5); ++i) {
        const BrokerProgram another{options};
        alone.push_back(std::chrono::duration<double, std::milli>(another.time_to_ready()).count());
        wait_for_nodes(broker, nodes);
        new_port.push_back(all_served_ms(broker, {&askers.port}));
        wait_for_nodes(broker, nodes);
        first_sample.push_back(all_served_ms(broker, {&askers.sending, &askers.receiving}));
    }
    rows.push_back(row(where + ": a broker alone, exec to accepting", "ms", alone));
    rows.push_back(row("... SIGKILL until a node has a new service and port", "ms", new_port));
    rows.back()["bound"] = bound;
    rows.push_back(row("... SIGKILL until the first sample over a new service", "ms", first_sample));
    rows.back()["bound"] = bound;
}

}  // namespace

// This process starts the brokers and has no node, so that it may fork; it sleeps while the flow is measured.
Rows restart(const Options& options) {
    const auto cores = two_cores(options);
    BrokerProgram broker{options};
    BrokerProgram neighbour{options};
    constexpr std::size_t room = 1 << 16;
    SharedMemory memory{room};
    WatchedFlow flow{cores, broker, neighbour, memory};
    const Askers askers{broker, memory};

    Rows rows = Rows::array();
    flow.begin();
    longest_gaps(rows, options.rounds_or(20, 5), flow, broker, neighbour);
    askers.begin();
    until_served(rows, "beside the flow", options, broker, askers, WatchedFlow::nodes + Askers::nodes);
    flow.end();
    until_served(rows, "without it", options, broker, askers, Askers::nodes);
    return rows;
}

}  // namespace bench
