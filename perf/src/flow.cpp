// SPDX-License-Identifier: Apache-2.0
#include "flow.hpp"

#include "bare.hpp"
#include "broker_program.hpp"
#include "exchange.hpp"
#include "node.hpp"
#include "product_ports.hpp"
#include "reference_ring.hpp"
#include "rounds.hpp"
#include "statistics.hpp"
#include "two_processes.hpp"

#include <ipc/ipc.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace bench {

namespace {

constexpr std::size_t size = 64;
constexpr std::size_t buffer = 1024;
constexpr int batch_length = 8 * buffer;

// Nanoseconds for each message of a stream from the second side to the first: the median over batches, each
// of which fills the buffer several times, so that a core that was taken away for a while does not count.
// `send` returns when the message is on its way, however long that takes.
template <class Send, class Receive>
double stream(Side& side, int batches, Send&& send, Receive&& receive) {
    std::vector<double> times;
    times.reserve(static_cast<std::size_t>(batches));
    side.meet();
    for (int batch = 0; batch <= batches; ++batch) {
        const auto begin = std::chrono::steady_clock::now();
        for (int i = 0; i < batch_length; ++i) {
            if (!side.first()) {
                send();
            } else {
                while (!receive()) {
                }
            }
        }
        if (batch > 0) times.push_back(nanoseconds_since(begin) / batch_length);
    }
    return median(times);
}

class ReferenceFlow {
 public:
    explicit ReferenceFlow(InSlotRing<size, buffer>& ring) : ring_{ring} {}

    void send() {
        while (sent_ - known_read_ >= buffer) known_read_ = ring_.read_position();
        ring_.send(sent_++);
    }
    bool receive() {
        if (!ring_.receive(received_)) return false;
        ++received_;
        return true;
    }

 private:
    InSlotRing<size, buffer>& ring_;
    std::uint64_t sent_ = 0;
    std::uint64_t known_read_ = 0;
    std::uint64_t received_ = 0;
};

auto open_service(ipc::Node& node) {
    return node.service_builder("ipc-bench/flow")
        .publish_subscribe<Payload<size>>()
        .enable_safe_overflow(false)
        .subscriber_max_buffer_size(buffer)
        .open_or_create()
        .value();
}

// The side that sends has only a publisher, the other one only a subscriber.
class ProductFlow {
 public:
    ProductFlow(ipc::Node& node, bool receives) {
        auto service = open_service(node);
        if (receives)
            in_.emplace(service.subscriber_builder().create().value());
        else
            out_.emplace(service.publisher_builder()
                             .backpressure_strategy(ipc::BackpressureStrategy::RetryUntilDelivered)
                             .create()
                             .value());
    }

    void send() { out_->send(); }
    bool receive() { return in_->receive(); }

 private:
    std::optional<Sender<size>> out_;
    std::optional<Receiver<size>> in_;
};

Rows row(std::string_view distance, const Rounds& rounds) {
    constexpr double bound = 0.8;
    const auto millions = [](double nanoseconds) { return 1e3 / nanoseconds; };
    Rows result{{"payload", size}, {"buffer", buffer}, {"distance", distance}};
    if (rounds.kept() != 0) {
        const auto ratios = rounds.each([](const Round& r) { return r.reference / r.product; });
        result["million_per_s"] = median(rounds.each([&](const Round& r) { return millions(r.product); }));
        result["reference_million_per_s"] =
            median(rounds.each([&](const Round& r) { return millions(r.reference); }));
        result["raw_one_way_ns"] = median(rounds.each([](const Round& r) { return r.bare(); }));
        result["reference_ratio"] = median(ratios);
        result["bound"] = bound;
        result["spread"] = spread(ratios);
    }
    result["rounds"] = rounds.kept();
    result["messages"] = rounds.counted();
    result["dropped"] = rounds.dropped();
    return result;
}

}  // namespace

Rows flow(const Options& options) {
    const auto cores = two_cores(options);
    const BrokerProgram broker{options};
    constexpr std::size_t room = 1 << 20;
    SharedMemory memory{room};
    auto& point = memory.make<MeetingPoint>();
    auto& words = memory.make<BareWords>();
    auto& ring = memory.make<InSlotRing<size, buffer>>();
    const int batches = options.quick ? 20 : 100;
    const Volume volume{.batches = 20, .exchanges = 500};
    const std::size_t enough = options.rounds_or(20, 5);

    Rounds rounds;
    in_two_processes(cores, point, [&](Side& side) {
        auto node = make_node();
        Bare bare{words, side.first()};
        ReferenceFlow reference{ring};
        ProductFlow product{node, side.first()};
        const auto measure = [&](auto& contestant) {
            return stream(
                side, batches, [&] { contestant.send(); }, [&] { return contestant.receive(); });
        };
        for (std::size_t i = 0; side.agree(i < 3 * enough && rounds.kept() < enough); ++i) {
            Round round;
            round.bare_before = one_way(side, volume, bare);
            round.reference = measure(reference);
            round.product = measure(product);
            round.bare_after = one_way(side, volume, bare);
            round.counted = batches * batch_length;
            rounds.add(round);
        }
        side.meet();  // neither drops its port while the other still measures
    });
    Rows rows = Rows::array();
    for (const auto& [distance, there] : rounds.by_distance()) rows.push_back(row(distance, there));
    return rows;
}

}  // namespace bench
