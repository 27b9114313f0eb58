// SPDX-License-Identifier: Apache-2.0
#include "setup.hpp"

#include "bare_server.hpp"
#include "broker_program.hpp"
#include "node.hpp"
#include "population.hpp"
#include "statistics.hpp"
#include "two_processes.hpp"

#include <ipc/ipc.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace bench {

namespace {

constexpr int repetitions = 20;  // of each thing in a round; the median counts

template <class Measure>
double typical(Measure&& measure) {
    std::vector<double> figures;
    for (int i = 0; i < repetitions; ++i) figures.push_back(measure());
    return median(figures);
}

// Microseconds; what it takes to drop the two again is not counted: the broker has answered a question that
// was asked after that before the next time comes. A name is used once.
template <class CreatePort>
double open_and_create(ipc::Node& node, CreatePort&& create_port) {
    static std::uint64_t opened = 0;
    const std::string name = "ipc-bench/setup/" + std::to_string(opened++);
    std::chrono::steady_clock::duration taken;
    {
        const auto begin = std::chrono::steady_clock::now();
        const auto service =
            node.service_builder(name).publish_subscribe<std::uint64_t>().open_or_create().value();
        const auto port = create_port(service);
        taken = std::chrono::steady_clock::now() - begin;
    }
    if (node.service_builder(name).publish_subscribe<std::uint64_t>().open())
        throw std::runtime_error{"service " + name + " is still there"};
    return std::chrono::duration<double, std::micro>(taken).count();
}

// What the figures of one line have in common.
struct Place {
    std::string world;
    std::string cores;
    double bound;
};

template <class CreatePort>
Rows row(const Place& place, const std::string& kind, const Options& options, ipc::Node& node,
         const BareServer& bare, CreatePort&& create_port) {
    std::vector<double> product, unit, ratios, round_trips, hand_overs;
    for (std::size_t i = 0; i < options.rounds_or(20, 5); ++i) {
        round_trips.push_back(typical([&] { return bare.round_trip(); }));
        hand_overs.push_back(typical([&] { return bare.hand_over(); }));
        product.push_back(typical([&] { return open_and_create(node, create_port); }));
        unit.push_back(round_trips.back() + hand_overs.back());
        ratios.push_back(product.back() / unit.back());
    }
    return Rows{{"world", place.world},
                {"cores", place.cores},
                {"port", kind},
                {"us", median(product)},
                {"round_trip_us", median(round_trips)},
                {"hand_over_us", median(hand_overs)},
                {"ratio", median(ratios)},
                {"bound", place.bound},
                {"spread", spread(ratios)},
                {"rounds", ratios.size()}};
}

void both_ports(Rows& rows, const Place& place, const Options& options, ipc::Node& node,
                const BareServer& bare) {
    rows.push_back(row(place, "publisher", options, node, bare,
                       [](const auto& service) { return service.publisher_builder().create().value(); }));
    rows.push_back(row(place, "subscriber", options, node, bare,
                       [](const auto& service) { return service.subscriber_builder().create().value(); }));
}

}  // namespace

// Left alone, the scheduler keeps two processes that talk in turn on one core for a while, where a message
// costs a switch, and moves them apart at some tick, where it wakes a core that sleeps, for many times as
// much. So all are pinned, and both servers are measured beside this process and on a core of their own.
Rows setup(const Options& options) {
    constexpr double bound = 4, bound_in_a_crowd = 8;
    const auto cores = two_cores(options);
    pin_to(cores[0]);
    const BareServer bare;
    const BrokerProgram broker{options};
    Population population;
    auto node = make_node();

    Rows rows = Rows::array();
    const auto on_one_and_on_two_cores = [&](const std::string& world, double bound_there) {
        for (const std::size_t servers : {0, 1}) {
            pin_to(cores[servers], bare.pid());
            pin_to(cores[servers], broker.pid());
            both_ports(rows, {.world = world, .cores = servers == 0 ? "one" : "two", .bound = bound_there},
                       options, node, bare);
        }
    };
    on_one_and_on_two_cores("empty", bound);
    for (const int nodes : {10, 100, 1000}) {
        population.settle(nodes);
        on_one_and_on_two_cores(std::to_string(nodes * Population::services_per_node) + " services, " +
                                    std::to_string(nodes) + " nodes",
                                bound_in_a_crowd);
    }
    return rows;
}

}  // namespace bench
