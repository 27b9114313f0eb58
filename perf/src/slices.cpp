// SPDX-License-Identifier: Apache-2.0
#include "slices.hpp"

#include "bare.hpp"
#include "broker_program.hpp"
#include "exchange.hpp"
#include "four_chunks.hpp"
#include "node.hpp"
#include "rounds.hpp"
#include "statistics.hpp"
#include "two_processes.hpp"

#include <ipc/ipc.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace bench {

namespace {

using Words = std::span<std::uint64_t>;

// As the other benchmarks: short ones are written and read whole, others in their first and last word.
constexpr std::size_t touched_whole = 16;

[[gnu::noinline]] void write(Words words, std::uint64_t number) {
    if (words.size() > touched_whole) {
        words.front() = number;
        words.back() = number;
    } else {
        for (std::uint64_t& word : words) word = number;
    }
}

[[gnu::noinline]] void check(std::span<const std::uint64_t> words, std::uint64_t number) {
    std::uint64_t wrong = 0;
    if (words.size() > touched_whole)
        wrong = (words.front() ^ number) | (words.back() ^ number);
    else
        for (const std::uint64_t word : words) wrong |= word ^ number;
    if (wrong != 0) throw std::runtime_error{"another message came than the one that was sent"};
}

template <std::size_t Length>
struct Fixed {
    using Payload = std::array<std::uint64_t, Length>;
    static constexpr const char* name = "fixed";
    static ipc::Publisher<Payload> publisher(const ipc::PublishSubscribeService<Payload>& service) {
        return service.publisher_builder().create().value();
    }
    static void send(ipc::Publisher<Payload>& publisher, std::uint64_t number) {
        auto loan = publisher.loan_uninit().value();
        write(*loan.payload_mut(), number);
        std::move(loan).assume_init().send().value();
    }
};

template <std::size_t Length>
struct Sliced {
    using Payload = ipc::Slice<std::uint64_t>;
    static constexpr const char* name = "slice";
    static ipc::Publisher<Payload> publisher(const ipc::PublishSubscribeService<Payload>& service) {
        return service.publisher_builder().initial_max_slice_len(Length).create().value();
    }
    static void send(ipc::Publisher<Payload>& publisher, std::uint64_t number) {
        auto loan = publisher.loan_slice_uninit(Length).value();
        write({loan.payload_mut().data(), Length}, number);
        std::move(loan).assume_init().send().value();
    }
};

// One on one side's service, and the other way round.
template <std::size_t Length, class Kind>
class Messenger {
 public:
    Messenger(Side& side, ipc::Node& node, int copy)
        : out_{Kind::publisher(service(node, copy, side.first()))},
          in_{service(node, copy, !side.first()).subscriber_builder().create().value()} {
        use_four_chunks(side, *this);
    }

    void send() { Kind::send(out_, sent_++); }
    bool receive() {
        const auto sample = in_.receive().value();
        if (!sample) return false;
        check(sample->payload(), received_++);
        return true;
    }
    auto hold() {
        auto sample = in_.receive().value();
        if (!sample) throw std::runtime_error{"a message that was sent did not arrive"};
        check(sample->payload(), received_++);
        return std::move(*sample);
    }

 private:
    static auto service(ipc::Node& node, int copy, bool ping) {
        const std::string name = std::string{"ipc-bench/slices/"} + Kind::name + "/" +
                                 std::to_string(Length) + "/" + std::to_string(copy) +
                                 (ping ? "/ping" : "/pong");
        return node.service_builder(name)
            .template publish_subscribe<typename Kind::Payload>()
            .open_or_create()
            .value();
    }

    ipc::Publisher<typename Kind::Payload> out_;
    ipc::Subscriber<typename Kind::Payload> in_;
    std::uint64_t sent_ = 0;
    std::uint64_t received_ = 0;
};

// Two of each kind, in turn. Where a service's memory happens to lie makes as much of a difference as what is
// to be measured: how much, the two of fixed size say, which are the same.
template <std::size_t Length>
class Contest {
 public:
    Contest(Side& side, ipc::Node& node)
        : fixed_{side, node, 1},
          slice_{side, node, 1},
          other_fixed_{side, node, 2},
          other_slice_{side, node, 2} {}

    void round(Side& side, const Volume& volume, Bare& bare) {
        Round round;
        round.bare_before = one_way(side, volume, bare);
        const double fixed = one_way(side, volume, fixed_);
        const double slice = one_way(side, volume, slice_);
        const double other_fixed = one_way(side, volume, other_fixed_);
        const double other_slice = one_way(side, volume, other_slice_);
        round.bare_after = one_way(side, volume, bare);
        round.reference = fixed;
        round.product = other_fixed;
        alike_.add(round);
        round.reference = (fixed + other_fixed) / 2;
        round.product = (slice + other_slice) / 2;
        rounds_.add(round);
    }
    std::size_t kept() const { return rounds_.kept(); }

    void report(Rows& rows) const {
        const auto alike = alike_.by_distance();  // the same rounds
        std::size_t next = 0;
        for (const auto& [distance, rounds] : rounds_.by_distance()) {
            const Rounds& same = alike[next++].second;
            Rows row{{"bytes", Length * sizeof(std::uint64_t)}, {"distance", distance}};
            if (rounds.kept() != 0) {
                const auto ratios = rounds.each(ratio_of);
                row["fixed_ns"] = median(rounds.each([](const Round& r) { return r.reference; }));
                row["slice_ns"] = median(rounds.each([](const Round& r) { return r.product; }));
                row["ratio"] = median(ratios);
                row["bound"] = 1.1;
                row["spread"] = spread(ratios);
                row["fixed_to_fixed"] = median(same.each(ratio_of));
            }
            row["rounds"] = rounds.kept();
            row["dropped"] = rounds.dropped();
            rows.push_back(row);
        }
    }

 private:
    static double ratio_of(const Round& round) { return round.product / round.reference; }

    Messenger<Length, Fixed<Length>> fixed_;
    Messenger<Length, Sliced<Length>> slice_;
    Messenger<Length, Fixed<Length>> other_fixed_;
    Messenger<Length, Sliced<Length>> other_slice_;
    Rounds rounds_;
    Rounds alike_;
};

template <std::size_t... Lengths>
void contests(const Options& options, const std::array<int, 2>& cores, Rows& rows) {
    SharedMemory memory{1 << 20};
    auto& point = memory.make<MeetingPoint>();
    auto& words = memory.make<BareWords>();
    const Volume volume{.batches = options.quick ? 10 : 20, .exchanges = options.quick ? 500 : 1000};
    const std::size_t enough = options.rounds_or(20, 5);
    in_two_processes(cores, point, [&](Side& side) {
        auto node = make_node();
        Bare bare{words, side.first()};
        std::tuple<Contest<Lengths>...> all{Contest<Lengths>{side, node}...};
        const auto too_few = [&] { return ((std::get<Contest<Lengths>>(all).kept() < enough) || ...); };
        for (std::size_t i = 0; side.agree(i < 3 * enough && too_few()); ++i)
            (std::get<Contest<Lengths>>(all).round(side, volume, bare), ...);
        (std::get<Contest<Lengths>>(all).report(rows), ...);
        side.meet();  // neither drops its ports while the other still measures
    });
}

}  // namespace

Rows slices(const Options& options) {
    const auto cores = two_cores(options);  // before there is another thread
    const BrokerProgram broker{options};
    Rows rows = Rows::array();
    // A slice says its length before everything else: 12 words fit a slot of two lines, of fixed size 13.
    contests<6, 12, 128, 8 * 1024, 128 * 1024>(options, cores, rows);
    return rows;
}

}  // namespace bench
