// SPDX-License-Identifier: Apache-2.0
#include "setup.hpp"

#include "bare_server.hpp"
#include "broker_program.hpp"
#include "node.hpp"
#include "population.hpp"
#include "statistics.hpp"

#include <ipc/ipc.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
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

// Microseconds; what it takes to drop the two again is not counted. A name is used once.
template <class CreatePort>
double open_and_create(ipc::Node& node, CreatePort&& create_port) {
    static std::uint64_t opened = 0;
    const std::string name = "ipc-bench/setup/" + std::to_string(opened++);
    const auto begin = std::chrono::steady_clock::now();
    const auto service =
        node.service_builder(name).publish_subscribe<std::uint64_t>().open_or_create().value();
    const auto port = create_port(service);
    return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count();
}

template <class CreatePort>
Rows row(const std::string& world, const std::string& kind, double bound, const Options& options,
         ipc::Node& node, const BareServer& bare, CreatePort&& create_port) {
    std::vector<double> product, unit, ratios, round_trips, hand_overs;
    for (std::size_t i = 0; i < options.rounds_or(20, 5); ++i) {
        round_trips.push_back(typical([&] { return bare.round_trip(); }));
        hand_overs.push_back(typical([&] { return bare.hand_over(); }));
        product.push_back(typical([&] { return open_and_create(node, create_port); }));
        unit.push_back(round_trips.back() + hand_overs.back());
        ratios.push_back(product.back() / unit.back());
    }
    return Rows{{"world", world},
                {"port", kind},
                {"us", median(product)},
                {"round_trip_us", median(round_trips)},
                {"hand_over_us", median(hand_overs)},
                {"ratio", median(ratios)},
                {"bound", bound},
                {"spread", spread(ratios)},
                {"rounds", ratios.size()}};
}

void both_ports(Rows& rows, const std::string& world, double bound, const Options& options, ipc::Node& node,
                const BareServer& bare) {
    rows.push_back(row(world, "publisher", bound, options, node, bare,
                       [](const auto& service) { return service.publisher_builder().create().value(); }));
    rows.push_back(row(world, "subscriber", bound, options, node, bare,
                       [](const auto& service) { return service.subscriber_builder().create().value(); }));
}

}  // namespace

Rows setup(const Options& options) {
    constexpr double bound = 4, bound_in_a_crowd = 8;
    const BareServer bare;
    const BrokerProgram broker{options};
    Population population;
    auto node = make_node();

    Rows rows = Rows::array();
    both_ports(rows, "empty", bound, options, node, bare);
    population.settle();
    both_ports(rows, "10,000 services, 1,000 nodes", bound_in_a_crowd, options, node, bare);
    return rows;
}

}  // namespace bench
