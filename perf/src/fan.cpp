// SPDX-License-Identifier: Apache-2.0
#include "fan.hpp"

#include "bare.hpp"
#include "broker_program.hpp"
#include "exchange.hpp"
#include "node.hpp"
#include "product_ports.hpp"
#include "rounds.hpp"
#include "statistics.hpp"
#include "two_processes.hpp"

#include <ipc/ipc.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

namespace {

constexpr std::size_t size = 64;
constexpr std::array<std::size_t, 7> counts{1, 2, 4, 8, 16, 32, 64};

auto open_service(ipc::Node& node, const std::string& name) {
    return node.service_builder("ipc-bench/fan/" + name)
        .publish_subscribe<Payload<size>>()
        .max_publishers(counts.back())
        .max_subscribers(counts.back())
        .open_or_create()
        .value();
}

// The one port is the first side's, the many are the second side's, in one process: a machine has few cores.
// Both go in step, so that nothing overflows: the many have taken everything before the one sends again, and
// have sent everything before the one receives. Only what the one does is measured.
class Out {
 public:
    static constexpr const char* name = "out: a send, for each receiver";

    Out(ipc::Node& node, Side& side, std::size_t count) : side_{side}, count_{count} {
        auto service = open_service(node, "out/" + std::to_string(count));
        if (side.first()) out_.emplace(service.publisher_builder().create().value());
        for (std::size_t i = 0; !side.first() && i < count; ++i)
            in_.emplace_back(service.subscriber_builder().create().value());
        side.meet();
    }

    // Nanoseconds of a send, divided by the number of receivers.
    double once() {
        double taken = 0;
        side_.meet();
        if (side_.first()) {
            const auto begin = std::chrono::steady_clock::now();
            if (out_->send() != count_) throw std::runtime_error{"another number of receivers"};
            taken = nanoseconds_since(begin);
        }
        side_.meet();
        for (auto& subscriber : in_)
            if (!subscriber.receive()) throw std::runtime_error{"a sample did not arrive"};
        return taken / static_cast<double>(count_);
    }

 private:
    Side& side_;
    std::size_t count_;
    std::optional<Sender<size>> out_;
    std::vector<Receiver<size>> in_;
};

class In {
 public:
    static constexpr const char* name = "in: a receive from each sender";

    In(ipc::Node& node, Side& side, std::size_t count) : side_{side}, count_{count} {
        auto service = open_service(node, "in/" + std::to_string(count));
        if (side.first()) in_.emplace(service.subscriber_builder().create().value());
        for (std::size_t i = 0; !side.first() && i < count; ++i)
            out_.emplace_back(service.publisher_builder().create().value());
        side.meet();
    }

    // Nanoseconds until one sample of each sender is received and given back, divided by their number.
    double once() {
        for (auto& publisher : out_) publisher.send();
        side_.meet();
        double taken = 0;
        if (side_.first()) {
            const auto begin = std::chrono::steady_clock::now();
            for (std::size_t i = 0; i < count_; ++i) {
                const auto sample = in_->receive().value();
                if (!sample) throw std::runtime_error{"a sample did not arrive"};
                sample->payload().check(round_);
            }
            taken = nanoseconds_since(begin);
            ++round_;
        }
        side_.meet();
        return taken / static_cast<double>(count_);
    }

 private:
    Side& side_;
    std::size_t count_;
    std::optional<ipc::Subscriber<Payload<size>>> in_;
    std::vector<Sender<size>> out_;
    std::uint64_t round_ = 0;
};

template <class Fan>
double measure(Fan& fan, int times) {
    std::vector<double> figures;
    for (int i = 0; i < times; ++i) figures.push_back(fan.once());
    return median(figures);
}

Rows row(const char* name, std::size_t count, std::string_view distance, const Rounds& rounds) {
    Rows result{{"fan", name}, {"ports", count}, {"distance", distance}};
    if (rounds.kept() != 0) {
        const auto ratios = rounds.each([](const Round& r) { return r.product / r.bare(); });
        result["each_ns"] = median(rounds.each([](const Round& r) { return r.product; }));
        result["raw_one_way_ns"] = median(rounds.each([](const Round& r) { return r.bare(); }));
        result["ratio"] = median(ratios);
        result["spread"] = spread(ratios);
    }
    result["rounds"] = rounds.kept();
    result["exchanges"] = rounds.counted();
    result["dropped"] = rounds.dropped();
    return result;
}

template <class Fan>
void all_counts(Rows& rows, Side& side, ipc::Node& node, Bare& bare, const Options& options) {
    const Volume volume{.batches = 10, .exchanges = 500};
    const std::size_t enough = options.rounds_or(10, 3);
    const int times = options.quick ? 200 : 1000;
    for (const std::size_t count : counts) {
        Fan fan{node, side, count};
        Rounds rounds;
        for (std::size_t i = 0; side.agree(i < 3 * enough && rounds.kept() < enough); ++i) {
            Round round;
            round.bare_before = one_way(side, volume, bare);
            round.product = measure(fan, times);
            round.bare_after = one_way(side, volume, bare);
            round.counted = times;
            rounds.add(round);
        }
        for (const auto& [distance, there] : rounds.by_distance())
            rows.push_back(row(Fan::name, count, distance, there));
        side.meet();  // neither drops its ports while the other still measures
    }
}

}  // namespace

Rows fan(const Options& options) {
    const auto cores = two_cores(options);
    const BrokerProgram broker{options};
    constexpr std::size_t room = 1 << 16;
    SharedMemory memory{room};
    auto& point = memory.make<MeetingPoint>();
    auto& words = memory.make<BareWords>();
    Rows rows = Rows::array();
    in_two_processes(cores, point, [&](Side& side) {
        auto node = make_node();
        Bare bare{words, side.first()};
        all_counts<Out>(rows, side, node, bare, options);
        all_counts<In>(rows, side, node, bare, options);
    });
    return rows;
}

}  // namespace bench
