// SPDX-License-Identifier: Apache-2.0
#include "throughput.hpp"

#include "bare.hpp"
#include "broker_program.hpp"
#include "exchange.hpp"
#include "node.hpp"
#include "product_ports.hpp"
#include "rounds.hpp"
#include "statistics.hpp"
#include "two_processes.hpp"

#include <ipc/ipc.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

namespace {

constexpr std::array<std::size_t, 4> batches{1, 8, 64, 512};
constexpr std::size_t largest_batch = batches.back();
constexpr std::size_t samples_in_stretch = 4 * largest_batch;

// What the two sides tell each other besides.
struct Taken {
    alignas(separation) Word word{0};
};

// The second side sends batch after batch, each when the one before it was taken; the first side takes.
template <std::size_t Size>
class BatchedFlow {
 public:
    BatchedFlow(ipc::Node& node, Side& side, Taken& taken) : side_{side}, taken_{taken.word} {
        auto service = node.service_builder("ipc-bench/throughput/" + std::to_string(Size))
                           .template publish_subscribe<Payload<Size>>()
                           .enable_safe_overflow(false)
                           .subscriber_max_buffer_size(largest_batch)
                           .open_or_create()
                           .value();
        if (side.first())
            in_.emplace(service.subscriber_builder().create().value());
        else
            out_.emplace(service.publisher_builder().create().value());
    }

    // Nanoseconds for each sample: the median over stretches, of which the first only warms up.
    double measure(std::size_t batch, int stretches) {
        std::vector<double> times;
        side_.meet();
        for (int stretch = 0; stretch <= stretches; ++stretch) {
            const auto begin = std::chrono::steady_clock::now();
            for (std::size_t done = 0; done < samples_in_stretch; done += batch) pass(batch);
            if (stretch > 0) times.push_back(nanoseconds_since(begin) / samples_in_stretch);
        }
        return median(times);
    }

 private:
    void pass(std::size_t batch) {
        if (side_.first()) {
            for (std::size_t i = 0; i < batch; ++i)
                while (!in_->receive()) {
                }
            // Release: pairs with the acquire below.
            taken_.store(received_ += batch, std::memory_order_release);
        } else {
            for (std::size_t i = 0; i < batch; ++i) out_->send();
            // Acquire: pairs with the release above.
            while (taken_.load(std::memory_order_acquire) != out_->sent()) {
            }
        }
    }

    Side& side_;
    Word& taken_;
    std::optional<Sender<Size>> out_;
    std::optional<Receiver<Size>> in_;
    std::uint64_t received_ = 0;
};

Rows row(std::size_t size, std::size_t batch, std::string_view distance, const Rounds& rounds) {
    Rows result{{"payload", size}, {"batch", batch}, {"distance", distance}};
    if (rounds.kept() != 0) {
        const auto ratios = rounds.each([](const Round& r) { return r.product / r.bare(); });
        result["each_ns"] = median(rounds.each([](const Round& r) { return r.product; }));
        result["million_per_s"] = median(rounds.each([](const Round& r) { return 1e3 / r.product; }));
        result["raw_one_way_ns"] = median(rounds.each([](const Round& r) { return r.bare(); }));
        result["ratio"] = median(ratios);
        result["spread"] = spread(ratios);
    }
    result["rounds"] = rounds.kept();
    result["messages"] = rounds.counted();
    result["dropped"] = rounds.dropped();
    return result;
}

template <std::size_t Size>
void all_batches(Rows& rows, Side& side, ipc::Node& node, BareWords& words, Taken& taken,
                 const Options& options) {
    const Volume volume{.batches = 10, .exchanges = 500};
    const std::size_t enough = options.rounds_or(10, 3);
    const int stretches = options.quick ? 10 : 20;
    Bare bare{words, side.first()};
    BatchedFlow<Size> flow{node, side, taken};
    std::array<Rounds, batches.size()> rounds;
    const auto too_few = [&] {
        return std::any_of(rounds.begin(), rounds.end(), [&](const Rounds& r) { return r.kept() < enough; });
    };
    for (std::size_t i = 0; side.agree(i < 3 * enough && too_few()); ++i)
        for (std::size_t b = 0; b < batches.size(); ++b) {
            Round round;
            round.bare_before = one_way(side, volume, bare);
            round.product = flow.measure(batches[b], stretches);
            round.bare_after = one_way(side, volume, bare);
            round.counted = stretches * static_cast<int>(samples_in_stretch);
            rounds[b].add(round);
        }
    for (std::size_t b = 0; b < batches.size(); ++b)
        for (const auto& [distance, there] : rounds[b].by_distance())
            rows.push_back(row(Size, batches[b], distance, there));
    side.meet();  // neither drops its port while the other still measures
}

// Each payload size has words of its own: a new bare ping-pong begins to count at zero.
template <std::size_t... Sizes>
Rows all_sizes(const Options& options) {
    const auto cores = two_cores(options);
    const BrokerProgram broker{options};
    constexpr std::size_t room = 1 << 20;
    SharedMemory memory{room};
    auto& point = memory.make<MeetingPoint>();
    std::array<BareWords*, sizeof...(Sizes)> words{(static_cast<void>(Sizes), &memory.make<BareWords>())...};
    std::array<Taken*, sizeof...(Sizes)> taken{(static_cast<void>(Sizes), &memory.make<Taken>())...};
    Rows rows = Rows::array();
    in_two_processes(cores, point, [&](Side& side) {
        auto node = make_node();
        std::size_t i = 0;
        ((all_batches<Sizes>(rows, side, node, *words[i], *taken[i], options), ++i), ...);
    });
    return rows;
}

}  // namespace

Rows throughput(const Options& options) {
    constexpr std::size_t kib = 1024, mib = 1024 * kib;
    return all_sizes<8, 64, kib, 64 * kib, mib>(options);
}

}  // namespace bench
