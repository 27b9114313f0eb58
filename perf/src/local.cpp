// SPDX-License-Identifier: Apache-2.0
#include "local.hpp"

#include "broker_program.hpp"
#include "node.hpp"
#include "operation.hpp"
#include "product_ports.hpp"
#include "rounds.hpp"
#include "statistics.hpp"
#include "two_processes.hpp"

#include <ipc/ipc.hpp>

#include <cstddef>
#include <stdexcept>
#include <string>

namespace bench {

namespace {

template <class Operation>
Rows row(const std::string& what, std::size_t payload, double bound, const Options& options,
         Operation&& operation) {
    const Volume volume{.batches = 20, .exchanges = options.quick ? 1000 : 10'000};
    const std::size_t enough = options.rounds_or(20, 5);
    UncontendedAdd count;
    Rounds rounds;
    for (std::size_t i = 0; i < 3 * enough && rounds.kept() < enough; ++i) {
        Round round;
        round.bare_before = time_of(volume, count);
        round.product = time_of(volume, operation);
        round.bare_after = time_of(volume, count);
        rounds.add(round);
    }
    Rows result{{"operation", what}, {"payload", payload}};
    if (rounds.kept() != 0) {
        const auto ratios = rounds.each([](const Round& r) { return r.product / r.bare(); });
        result["ns"] = median(rounds.each([](const Round& r) { return r.product; }));
        result["fetch_add_ns"] = median(rounds.each([](const Round& r) { return r.bare(); }));
        result["ratio"] = median(ratios);
        result["bound"] = bound;
        result["spread"] = spread(ratios);
    }
    result["rounds"] = rounds.kept();
    result["dropped"] = rounds.dropped();
    return result;
}

template <std::size_t Size>
void both(Rows& rows, ipc::Node& node, const Options& options) {
    constexpr double bound_with_receiver = 25, bound_alone = 10;
    auto service = node.service_builder("ipc-bench/local/" + std::to_string(Size))
                       .publish_subscribe<Payload<Size>>()
                       .open_or_create()
                       .value();
    Sender<Size> sender{service.publisher_builder().create().value()};
    rows.push_back(row("loan, send, no subscriber", Size, bound_alone, options, [&] {
        if (sender.send() != 0) throw std::runtime_error{"a receiver where there is none"};
    }));
    Receiver<Size> receiver{service.subscriber_builder().create().value(), sender.sent()};
    rows.push_back(row("loan, send, receive, release", Size, bound_with_receiver, options, [&] {
        if (sender.send() != 1 || !receiver.receive()) throw std::runtime_error{"a sample did not arrive"};
    }));
}

}  // namespace

Rows local(const Options& options) {
    const BrokerProgram broker{options};
    pin_to(two_cores(options)[0]);
    auto node = make_node();
    constexpr std::size_t in_slot = 8, in_two_lines = 64, by_reference = 1024;
    Rows rows = Rows::array();
    both<in_slot>(rows, node, options);
    both<in_two_lines>(rows, node, options);
    both<by_reference>(rows, node, options);
    return rows;
}

}  // namespace bench
