// SPDX-License-Identifier: Apache-2.0
#include "latency.hpp"

#include "bare.hpp"
#include "broker_program.hpp"
#include "exchange.hpp"
#include "four_chunks.hpp"
#include "node.hpp"
#include "product_ports.hpp"
#include "reference_ring.hpp"
#include "rounds.hpp"
#include "statistics.hpp"
#include "two_processes.hpp"

#include <ipc/ipc.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>

namespace bench {

namespace {

// How many samples a publisher ever had in flight, and so how many chunks it has to use in turn.
enum class Chunks { one, four };

template <std::size_t Size, Chunks chunks>
auto open_service(ipc::Node& node, bool ping) {
    const std::string name = "ipc-bench/latency/" + std::to_string(Size) +
                             (chunks == Chunks::one ? "/one" : "") + (ping ? "/ping" : "/pong");
    return node.service_builder(name).template publish_subscribe<Payload<Size>>().open_or_create().value();
}

// The product with its default settings: a publisher on one side's service, a subscriber on the other's.
template <std::size_t Size, Chunks chunks>
class Product {
 public:
    Product(ipc::Node& node, bool first)
        : out_{open_service<Size, chunks>(node, first).publisher_builder().create().value()},
          in_{open_service<Size, chunks>(node, !first).subscriber_builder().create().value()} {}

    void send() { out_.send(); }
    bool receive() { return in_.receive(); }
    ipc::Sample<Payload<Size>> hold() { return in_.hold(); }

 private:
    Sender<Size> out_;
    Receiver<Size> in_;
};

// One payload size: three contestants, and what they did in each round.
template <std::size_t Size, Chunks chunks>
class Contest {
 public:
    Contest(Side& side, ipc::Node& node, ReferencePair<Size>& reference)
        : reference_{reference, side.first()}, product_{node, side.first()} {
        if (chunks == Chunks::four) use_four_chunks(side, product_);
    }

    void round(Side& side, const Volume& volume, Bare& bare) {
        Round round;
        round.bare_before = one_way(side, volume, bare);
        round.reference = one_way(side, volume, reference_);
        round.product = one_way(side, volume, product_);
        round.bare_after = one_way(side, volume, bare);
        round.counted = volume.total();
        rounds_.add(round);
    }

    std::size_t kept() const { return rounds_.kept(); }

    void report(Rows& rows) const {
        for (const auto& [distance, rounds] : rounds_.by_distance()) rows.push_back(row(distance, rounds));
    }

 private:
    static Rows row(std::string_view distance, const Rounds& rounds) {
        // With one chunk, the news that it is back comes from the receiver: a line that the reference does
        // not wait for.
        constexpr double bound = chunks == Chunks::four ? 1.25 : 2.5;
        Rows result{{"payload", Size}, {"chunks", chunks == Chunks::one ? 1 : 4}, {"distance", distance}};
        if (rounds.kept() != 0) {
            const auto ratios = rounds.each([](const Round& r) { return r.product / r.bare(); });
            result["one_way_ns"] = median(rounds.each([](const Round& r) { return r.product; }));
            result["raw_one_way_ns"] = median(rounds.each([](const Round& r) { return r.bare(); }));
            result["ratio"] = median(ratios);
            result["reference_ratio"] =
                median(rounds.each([](const Round& r) { return r.product / r.reference; }));
            result["bound"] = bound;
            result["spread"] = spread(ratios);
        }
        result["rounds"] = rounds.kept();
        result["exchanges"] = rounds.counted();
        result["dropped"] = rounds.dropped();
        return result;
    }

    Reference<Size> reference_;
    Product<Size, chunks> product_;
    Rounds rounds_;
};

template <Chunks chunks, std::size_t... Sizes>
void contests(const Options& options, const std::array<int, 2>& cores, Rows& rows) {
    constexpr std::size_t room_beside = 1 << 20;
    SharedMemory memory{(sizeof(ReferencePair<Sizes>) + ...) + room_beside};
    auto& point = memory.make<MeetingPoint>();
    auto& words = memory.make<BareWords>();
    auto pairs = std::tie(memory.make<ReferencePair<Sizes>>()...);
    const Volume volume{.batches = options.quick ? 10 : 20, .exchanges = options.quick ? 500 : 1000};
    const std::size_t enough = options.rounds_or(20, 5);

    in_two_processes(cores, point, [&](Side& side) {
        auto node = make_node();
        Bare bare{words, side.first()};
        std::tuple<Contest<Sizes, chunks>...> all{
            Contest<Sizes, chunks>{side, node, std::get<ReferencePair<Sizes>&>(pairs)}...};
        const auto too_few = [&] { return ((std::get<Contest<Sizes, chunks>>(all).kept() < enough) || ...); };
        for (std::size_t i = 0; side.agree(i < 3 * enough && too_few()); ++i)
            (std::get<Contest<Sizes, chunks>>(all).round(side, volume, bare), ...);
        (std::get<Contest<Sizes, chunks>>(all).report(rows), ...);
        side.meet();  // neither drops its ports while the other still measures
    });
}

}  // namespace

Rows latency(const Options& options) {
    constexpr std::size_t kib = 1024, mib = 1024 * kib;
    // This process is pinned from the first on.
    const auto cores = two_cores(options);
    const BrokerProgram broker{options};
    Rows rows = Rows::array();
    contests<Chunks::four, 8, 40, 64, 100, kib, 64 * kib, mib, 16 * mib>(options, cores, rows);
    contests<Chunks::one, 64 * kib, mib>(options, cores, rows);
    return rows;
}

}  // namespace bench
