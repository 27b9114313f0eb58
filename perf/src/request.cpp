// SPDX-License-Identifier: Apache-2.0
#include "request.hpp"

#include "bare.hpp"
#include "broker_program.hpp"
#include "exchange.hpp"
#include "node.hpp"
#include "request_ports.hpp"
#include "rounds.hpp"
#include "statistics.hpp"
#include "two_processes.hpp"

#include <ipc/ipc.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

namespace {

template <class Request>
auto open_service(ipc::Node& node, const std::string& name) {
    return node.service_builder("ipc-bench/request/" + name)
        .request_response<Request, Request>()
        .open_or_create()
        .value();
}

// The median over batches of what one exchange takes; the first batch only warms up.
template <class Batch>
double time_of_one(Side& side, const Volume& volume, Batch&& batch) {
    std::vector<double> times;
    times.reserve(static_cast<std::size_t>(volume.batches));
    side.meet();
    for (int i = 0; i <= volume.batches; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        batch(volume.exchanges);
        if (i > 0) times.push_back(nanoseconds_since(begin) / volume.exchanges);
    }
    return median(times);
}

// The first side has the client, and the second the server.
template <std::size_t Size>
class RoundTrips {
 public:
    RoundTrips(Side& side, ipc::Node& node) {
        auto service = open_service<Payload<Size>>(node, "round-trip/" + std::to_string(Size));
        if (side.first())
            asking_.emplace(service.client_builder().create().value());
        else
            answering_.emplace(service.server_builder().create().value());
        fill(side);
    }

    double measure(Side& side, const Volume& volume) {
        return time_of_one(side, volume, [&](int exchanges) {
            for (int i = 0; i < exchanges; ++i) {
                if (side.first()) asking_->ask();
                while (side.first() ? !asking_->is_answered() : !answering_->answer()) {
                }
            }
        });
    }

 private:
    // Both have as much memory as they ever had in flight. So once as many requests as the settings allow, as
    // in latency.
    void fill(Side& side) {
        constexpr std::size_t most = ipc::defaults::max_active_requests_per_client;
        side.meet();
        for (std::size_t i = 0; side.first() && i < most; ++i) asking_->ask();
        side.meet();
        if (!side.first()) answering_->answer_together(most);
        side.meet();
        for (std::size_t i = 0; side.first() && i < most; ++i)
            if (!asking_->is_answered()) throw std::runtime_error{"a request was not answered"};
    }

    std::optional<Asking<Size>> asking_;
    std::optional<Answering<Size>> answering_;
};

// One server, and clients in the other process, all used by its one thread.
class Crowd {
 public:
    Crowd(Side& side, ipc::Node& node, std::size_t clients, std::uint64_t at_once) {
        auto service = open_service<std::uint64_t>(
            node, "crowd/" + std::to_string(clients) + "/" + std::to_string(at_once));
        if (!side.first()) server_.emplace(service.server_builder().create().value());
        for (std::size_t i = 0; side.first() && i < clients; ++i)
            clients_.emplace_back(service.client_builder().create().value(), at_once);
    }

    double measure(Side& side, const Volume& volume) {
        return time_of_one(side, volume,
                           [&](int requests) { side.first() ? ask(requests) : answer(requests); });
    }

 private:
    void ask(int requests) {
        for (int asked = 0, answered = 0; answered < requests;)
            for (Busy& client : clients_) {
                for (; asked < requests && client.can_ask(); ++asked) client.ask();
                if (client.is_answered()) ++answered;
            }
    }
    void answer(int requests) {
        for (int answered = 0; answered < requests;)
            if (answer_next(*server_)) ++answered;
    }

    std::vector<Busy> clients_;
    std::optional<ipc::Server<std::uint64_t, std::uint64_t>> server_;
};

Rows row(const std::string& what, std::string_view distance, const Rounds& rounds, const char* yardstick,
         double bound, double (*yardstick_ns)(const Round&), double (*ratio)(const Round&)) {
    Rows result{{"request", what}, {"distance", distance}};
    if (rounds.kept() != 0) {
        const auto ratios = rounds.each(ratio);
        result["ns"] = median(rounds.each([](const Round& r) { return r.product; }));
        result["yardstick"] = yardstick;
        result["yardstick_ns"] = median(rounds.each(yardstick_ns));
        result["ratio"] = median(ratios);
        result["bound"] = bound;
        result["spread"] = spread(ratios);
    }
    result["rounds"] = rounds.kept();
    result["exchanges"] = rounds.counted();
    result["dropped"] = rounds.dropped();
    return result;
}

// Rounds that begin and end with the bare ping-pong, until enough of them count.
class Measuring {
 public:
    Measuring(Side& side, BareWords& words, const Options& options)
        : side_{side},
          bare_{words, side.first()},
          enough_{options.rounds_or(20, 5)},
          volume_{.batches = options.quick ? 10 : 20, .exchanges = options.quick ? 500 : 1000} {}

    template <class Contestants>
    Rounds rounds(Contestants&& contestants) {
        Rounds rounds;
        for (std::size_t i = 0; side_.agree(i < 3 * enough_ && rounds.kept() < enough_); ++i) {
            Round round;
            round.bare_before = one_way(side_, volume_, bare_);
            contestants(round, volume_);
            round.bare_after = one_way(side_, volume_, bare_);
            round.counted = volume_.total();
            rounds.add(round);
        }
        side_.meet();  // neither drops its ports while the other still measures
        return rounds;
    }

 private:
    Side& side_;
    Bare bare_;
    std::size_t enough_;
    Volume volume_;
};

template <std::size_t Size>
void round_trip(Rows& rows, Side& side, ipc::Node& node, Measuring& measuring, const std::string& what,
                double bound) {
    RoundTrips<Size> product{side, node};
    const Rounds rounds = measuring.rounds(
        [&](Round& round, const Volume& volume) { round.product = product.measure(side, volume); });
    for (const auto& [distance, there] : rounds.by_distance())
        rows.push_back(row(
            "round trip, " + what, distance, there, "bare round trip", bound,
            [](const Round& r) { return 2 * r.bare(); },
            [](const Round& r) { return r.product / (2 * r.bare()); }));
}

void crowd(Rows& rows, Side& side, ipc::Node& node, Measuring& measuring, std::uint64_t at_once,
           double bound) {
    Crowd one{side, node, 1, at_once};
    Crowd eight{side, node, 8, at_once};
    const Rounds rounds = measuring.rounds([&](Round& round, const Volume& volume) {
        round.reference = one.measure(side, volume);
        round.product = eight.measure(side, volume);
    });
    for (const auto& [distance, there] : rounds.by_distance())
        rows.push_back(row(
            "8 clients of a server, " + std::to_string(at_once) + " at once each", distance, there,
            "1 client", bound, [](const Round& r) { return r.reference; },
            [](const Round& r) { return r.reference / r.product; }));
}

}  // namespace

Rows request(const Options& options) {
    const auto cores = two_cores(options);
    const BrokerProgram broker{options};
    constexpr std::size_t room = 1 << 16;
    SharedMemory memory{room};
    auto& point = memory.make<MeetingPoint>();
    auto& words = memory.make<BareWords>();
    constexpr double in_slot = 1.6, by_reference = 2.4;
    constexpr std::size_t mib = 1024 * 1024;

    Rows rows = Rows::array();
    in_two_processes(cores, point, [&](Side& side) {
        auto node = make_node();
        Measuring measuring{side, words, options};
        round_trip<8>(rows, side, node, measuring, "8 bytes both ways", in_slot);
        round_trip<64>(rows, side, node, measuring, "64 bytes both ways", in_slot);
        round_trip<mib>(rows, side, node, measuring, "1 MiB both ways", by_reference);
        crowd(rows, side, node, measuring, 1, 1);
        crowd(rows, side, node, measuring, ipc::defaults::max_active_requests_per_client, 0.75);
    });
    return rows;
}

}  // namespace bench
