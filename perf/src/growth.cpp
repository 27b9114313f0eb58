// SPDX-License-Identifier: Apache-2.0
#include "growth.hpp"

#include "broker_program.hpp"
#include "client_process.hpp"
#include "data_segment.hpp"
#include "node.hpp"
#include "statistics.hpp"

#include <ipc/ipc.hpp>

#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace bench {

namespace {

using Slice = ipc::Slice<std::uint64_t>;
using Strategy = ipc::AllocationStrategy;

constexpr std::size_t mib = 1 << 20;
constexpr std::size_t length = 4 * mib / sizeof(std::uint64_t);

auto service_of(const ipc::Node& node) {
    return node.service_builder("ipc-bench/growth")
        .publish_subscribe<Slice>()
        .max_subscribers(16)
        .open_or_create()
        .value();
}

ipc::Publisher<Slice> publisher_of(const ipc::Node& node, Strategy strategy, bool prefault = false) {
    return service_of(node)
        .publisher_builder()
        .initial_max_slice_len(100)
        .allocation_strategy(strategy)
        .prefault(prefault)
        .create()
        .value();
}

double microseconds_since(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count();
}

Rows row(const std::string& what, std::size_t receivers, const std::vector<double>& values) {
    return Rows{{"what", what},
                {"receivers", receivers},
                {"median", median(values)},
                {"highest_of_100", quantile(values, 0.99)},
                {"unit", "us"},
                {"bound", nullptr}};
}

// Sleeps until something comes, and lets it go.
void receive_for_ever(const std::function<void()>& ready) {
    auto node = make_node();
    auto subscriber = service_of(node).subscriber_builder().create().value();
    ready();
    while (true) (void)subscriber.receive(std::chrono::hours{24}).value();
}

// A loan for which the port has to grow: the broker makes the segment, and every receiver maps it. And one
// that reuses what was grown.
void senders_pause(Rows& rows, std::size_t receivers, int times) {
    auto node = make_node();
    auto publisher = publisher_of(node, Strategy::BestFit);
    std::vector<double> growing;
    std::vector<double> reusing;
    for (int i = 0; i < times; ++i) {
        publisher.update_connections().value();  // gives back what it has
        for (std::vector<double>* const times_taken : {&growing, &reusing}) {
            const auto begin = std::chrono::steady_clock::now();
            auto loan = publisher.loan_slice_uninit(length).value();
            times_taken->push_back(microseconds_since(begin));
            loan.payload_mut().front() = 0;
        }
    }
    rows.push_back(row("sender: a loan for which the port grows", receivers, growing));
    rows.push_back(row("sender: a loan that reuses what was grown", receivers, reusing));
}

long page_faults() {
    rusage usage{};
    ::getrusage(RUSAGE_THREAD, &usage);
    return usage.ru_minflt + usage.ru_majflt;
}

// Of a receiver: the call that gives it a sample, in a segment that it was given for this sample, and in one
// that it has had for a while. What it reads of the sample is its own affair.
void receivers_pause(Rows& rows, bool prefault, int times) {
    auto node = make_node();
    auto there = make_node();
    auto publisher = publisher_of(node, Strategy::BestFit, prefault);
    auto subscriber = service_of(there).subscriber_builder().prefault(prefault).create().value();
    struct Kind {
        const char* what;
        std::vector<double> us;
        std::vector<double> faults;
    };
    std::array kinds{Kind{"that has just come", {}, {}}, Kind{"that it had", {}, {}}};
    for (int i = 0; i < times; ++i) {
        publisher.update_connections().value();
        for (Kind& kind : kinds) {
            auto loan = publisher.loan_slice_uninit(length).value();
            loan.payload_mut().front() = 0;
            std::move(loan).assume_init().send().value();
            const long before = page_faults();
            const auto begin = std::chrono::steady_clock::now();
            const auto sample = subscriber.receive().value();
            kind.us.push_back(microseconds_since(begin));
            kind.faults.push_back(static_cast<double>(page_faults() - before));
            if (!sample) throw std::runtime_error{"a slice that was sent did not arrive"};
        }
    }
    const std::string how = prefault ? ", both prefaulted" : "";
    for (const Kind& kind : kinds) {
        const std::string what = std::string{"receiver: a sample in a segment "} + kind.what + how;
        rows.push_back(row(what, 1, kind.us));
        Rows faults = row("… page faults", 1, kind.faults);
        faults["unit"] = "faults";
        // Memory is paid when it is touched: the first look into a segment is one, unless it is prefaulted.
        faults["bound"] = prefault ? 0 : 1;
        rows.push_back(faults);
    }
}

// Slices of all lengths, each received and given back before the next: what is in memory of all segments,
// against the longest, which is what was in flight at once.
Rows memory_kept(Strategy strategy, int times) {
    auto node = make_node();
    auto publisher = publisher_of(node, strategy);
    auto subscriber = service_of(node).subscriber_builder().create().value();
    std::mt19937_64 random{7};
    std::uniform_real_distribution<double> exponent{std::log(100.0), std::log(100.0 * mib)};
    std::size_t most = 0;
    double worst = 0;
    for (int i = 0; i < times; ++i) {
        const auto words = static_cast<std::size_t>(std::exp(exponent(random))) / sizeof(std::uint64_t);
        auto loan = publisher.loan_slice_uninit(words).value();
        for (std::size_t at = 0; at < words; at += 512) loan.payload_mut()[at] = at;
        std::move(loan).assume_init().send().value();
        if (!subscriber.receive().value()) throw std::runtime_error{"a slice that was sent did not arrive"};
        most = std::max(most, words * sizeof(std::uint64_t));
        if (most > 8 * mib)
            worst = std::max(
                worst, static_cast<double>(resident_of_all_data_segments()) / static_cast<double>(most));
    }
    const bool best_fit = strategy == Strategy::BestFit;
    Rows kept =
        row(std::string{"memory kept, to the most in flight: "} + (best_fit ? "best fit" : "power of two"), 1,
            {worst});
    kept["unit"] = "ratio";
    kept["bound"] = best_fit ? 1.25 : 2.1;
    return kept;
}

}  // namespace

Rows growth(const Options& options) {
    const int times = options.quick ? 100 : 500;
    const BrokerProgram broker{options};
    // Forked before there is a thread; each begins when it is told to.
    std::deque<ClientProcess> receivers;
    constexpr std::size_t most = 10;
    for (std::size_t i = 0; i < most; ++i) receivers.emplace_back(receive_for_ever);
    Rows rows = Rows::array();
    senders_pause(rows, 0, times);
    receivers.front().go();
    senders_pause(rows, 1, times);
    for (std::size_t i = 1; i < most; ++i) receivers[i].go();
    senders_pause(rows, most, times);
    receivers.clear();
    for (const bool prefault : {false, true}) receivers_pause(rows, prefault, times);
    for (const Strategy strategy : {Strategy::BestFit, Strategy::PowerOfTwo})
        rows.push_back(memory_kept(strategy, options.quick ? 50 : 200));
    return rows;
}

}  // namespace bench
