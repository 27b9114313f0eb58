// SPDX-License-Identifier: Apache-2.0
#include "event.hpp"

#include "bare.hpp"
#include "broker_program.hpp"
#include "event_ports.hpp"
#include "exchange.hpp"
#include "node.hpp"
#include "operation.hpp"
#include "rounds.hpp"
#include "statistics.hpp"
#include "two_processes.hpp"

#include <ipc/ipc.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

namespace {

auto open_service(ipc::Node& node, const std::string& name) {
    return node.service_builder("ipc-bench/event/" + name).event().open_or_create().value();
}

// `distance`: empty where the yardstick does not tell.
Rows row(const std::string& what, std::uint64_t ids, std::string_view distance, const Rounds& rounds,
         const char* yardstick, double bound) {
    Rows result{{"notify", what}, {"ids", ids}, {"distance", distance}};
    if (rounds.kept() != 0) {
        const auto ratios = rounds.each([](const Round& r) { return r.product / r.bare(); });
        result["ns"] = median(rounds.each([](const Round& r) { return r.product; }));
        result["yardstick"] = yardstick;
        result["yardstick_ns"] = median(rounds.each([](const Round& r) { return r.bare(); }));
        result["ratio"] = median(ratios);
        result["bound"] = bound;
        result["spread"] = spread(ratios);
    }
    result["rounds"] = rounds.kept();
    result["dropped"] = rounds.dropped();
    return result;
}

// A notifier on one side's service, a listener on the other's.
class Product {
 public:
    Product(ipc::Node& node, bool first, std::uint64_t ids)
        : out_{open_service(node, name(first, ids)).notifier_builder().create().value(), ids},
          in_{open_service(node, name(!first, ids)).listener_builder().create().value()} {}

    void send() { out_.send(); }
    bool receive() { return in_.receive(); }

 private:
    static std::string name(bool ping, std::uint64_t ids) {
        return std::to_string(ids) + (ping ? "/ping" : "/pong");
    }
    Notifying out_;
    Listening in_;
};

void ping_pong(Rows& rows, Side& side, ipc::Node& node, BareWords& words, std::uint64_t ids,
               const Options& options) {
    constexpr double bound = 1.8;
    const Volume volume{.batches = options.quick ? 10 : 20, .exchanges = options.quick ? 500 : 1000};
    const std::size_t enough = options.rounds_or(20, 5);
    Bare bare{words, side.first()};
    Product product{node, side.first(), ids};
    Rounds rounds;
    for (std::size_t i = 0; side.agree(i < 3 * enough && rounds.kept() < enough); ++i) {
        Round round;
        round.bare_before = one_way(side, volume, bare);
        round.product = one_way(side, volume, product);
        round.bare_after = one_way(side, volume, bare);
        rounds.add(round);
    }
    for (const auto& [distance, there] : rounds.by_distance())
        rows.push_back(row("one listener, polling: one way", ids, distance, there, "bare ping-pong", bound));
    side.meet();  // neither drops its ports while the other still measures
}

// What each listener costs the notifier. They are in the other process and awake: they poll, or they are busy
// with something else.
void fan_out(Rows& rows, Side& side, ipc::Node& node, Word& over, bool polling, const Options& options) {
    constexpr double bound = 6;
    constexpr std::size_t listeners = 16;
    const Volume volume{.batches = 20, .exchanges = options.quick ? 500 : 2000};
    const std::size_t enough = options.rounds_or(20, 5);
    auto service = node.service_builder("ipc-bench/event/many").event().open_or_create().value();
    if (side.first()) {
        Notifying notifier{service.notifier_builder().create().value(), 1};
        side.meet();
        UncontendedAdd add;
        Rounds rounds;
        for (std::size_t i = 0; i < 3 * enough && rounds.kept() < enough; ++i) {
            Round round;
            round.bare_before = time_of(volume, add);
            round.product = time_of(volume,
                                    [&] {
                                        if (notifier.send() != listeners)
                                            throw std::runtime_error{"another number of listeners"};
                                    }) /
                            listeners;
            round.bare_after = time_of(volume, add);
            rounds.add(round);
        }
        over.store(1);
        side.meet();
        rows.push_back(row(polling ? "16 listeners, polling: each" : "16 listeners, busy: each", 1, "",
                           rounds, "fetch_add", bound));
    } else {
        std::vector<Listening> all;
        for (std::size_t i = 0; i < listeners; ++i)
            all.emplace_back(service.listener_builder().create().value());
        side.meet();
        while (over.load() == 0)
            if (polling)
                for (Listening& each : all) each.receive();
        side.meet();
    }
}

}  // namespace

Rows event(const Options& options) {
    const auto cores = two_cores(options);
    const BrokerProgram broker{options};
    constexpr std::size_t room = 1 << 16;
    SharedMemory memory{room};
    auto& point = memory.make<MeetingPoint>();
    auto& words = memory.make<BareWords>();
    struct Over {
        alignas(separation) Word word{0};
    };
    auto& busy_over = memory.make<Over>();
    auto& polling_over = memory.make<Over>();

    Rows rows = Rows::array();
    in_two_processes(cores, point, [&](Side& side) {
        auto node = make_node();
        for (const std::uint64_t ids : {1U, 64U}) ping_pong(rows, side, node, words, ids, options);
        fan_out(rows, side, node, busy_over.word, false, options);
        fan_out(rows, side, node, polling_over.word, true, options);
    });
    return rows;
}

}  // namespace bench
