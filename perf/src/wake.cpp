// SPDX-License-Identifier: Apache-2.0
#include "wake.hpp"

#include "bare_byte.hpp"
#include "broker_program.hpp"
#include "event_ports.hpp"
#include "node.hpp"
#include "product_ports.hpp"
#include "rounds.hpp"
#include "sleeping.hpp"
#include "statistics.hpp"
#include "two_processes.hpp"

#include <ipc/ipc.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace bench {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t size = 8;
using Blocking = BareByte::Wait;

// A wait set with one attachment that something comes to, and others that are idle.
class Set {
 public:
    template <class Port>
    explicit Set(const Port& port) : guard_{set_.attach_notification(port).value()} {}

    void add_idle(ipc::Listener listener) {
        idle_guards_.push_back(set_.attach_notification(listener).value());
        idle_.push_back(std::move(listener));
    }

    template <class Receive>
    void wait(Receive&& receive) {
        set_.wait_and_process([&](const ipc::WaitSetAttachmentId&) {
                receive();
                return ipc::CallbackProgression::Stop;
            })
            .value();
    }

 private:
    ipc::WaitSet set_ =
        ipc::WaitSetBuilder{}.signal_handling_mode(ipc::SignalHandlingMode::Disabled).create().value();
    ipc::WaitSetGuard guard_;
    std::vector<ipc::Listener> idle_;
    std::vector<ipc::WaitSetGuard> idle_guards_;
};

enum class In : bool { itself, wait_set };

// The first side notifies; the second sleeps in its listener, or in a wait set.
class Event {
 public:
    Event(ipc::Node& node, Side& side, const std::string& name, In where) {
        auto service = node.service_builder("ipc-bench/wake/" + name).event().open_or_create().value();
        if (side.first()) out_.emplace(service.notifier_builder().create().value(), 1);
        if (!side.first()) in_.emplace(service.listener_builder().create().value());
        if (!side.first() && where == In::wait_set) set_.emplace(in_->listener());
        side.meet();
    }

    void send() { out_->send(); }
    template <class Awake>
    void sleep(Awake&& awake) {
        if (!set_) {
            in_->sleep();
            return awake();
        }
        set_->wait([&] {
            in_->receive();
            awake();
        });
    }
    Set& set() { return *set_; }

 private:
    std::optional<Notifying> out_;
    std::optional<Listening> in_;
    std::optional<Set> set_;
};

// Likewise with samples.
class Samples {
 public:
    Samples(ipc::Node& node, Side& side, const std::string& name, In where) {
        auto service = node.service_builder("ipc-bench/wake/" + name)
                           .publish_subscribe<Payload<size>>()
                           .open_or_create()
                           .value();
        if (side.first()) out_.emplace(service.publisher_builder().create().value());
        if (!side.first()) in_.emplace(service.subscriber_builder().create().value());
        if (!side.first() && where == In::wait_set) set_.emplace(in_->subscriber());
        side.meet();
    }

    void send() { out_->send(); }
    template <class Awake>
    void sleep(Awake&& awake) {
        if (!set_) {
            in_->sleep();
            return awake();
        }
        set_->wait([&] {
            in_->receive();
            awake();
        });
    }

 private:
    std::optional<Sender<size>> out_;
    std::optional<Receiver<size>> in_;
    std::optional<Set> set_;
};

Rows row(const std::string& what, const Rounds& rounds, const char* yardstick, double bound) {
    Rows result{{"wake", what}};
    if (rounds.kept() != 0) {
        const auto ratios = rounds.each([](const Round& r) { return r.product / r.bare(); });
        result["us"] = median(rounds.each([](const Round& r) { return r.product / 1000; }));
        result["yardstick"] = yardstick;
        result["yardstick_us"] = median(rounds.each([](const Round& r) { return r.bare() / 1000; }));
        result["ratio"] = median(ratios);
        result["bound"] = bound;
        result["spread"] = spread(ratios);
    }
    result["rounds"] = rounds.kept();
    result["dropped"] = rounds.dropped();
    return result;
}

// One contest after the other between something and its yardstick.
class Contests {
 public:
    Contests(Side& side, SleepWords& words, const Options& options)
        : side_{side},
          words_{words},
          volume_{.batches = 1, .exchanges = options.quick ? 100 : 300},
          enough_{options.rounds_or(20, 5)} {}

    template <class Yardstick, class Product>
    Rounds between(Yardstick& yardstick, Product& product) {
        Rounds rounds;
        for (std::size_t i = 0; side_.agree(i < 3 * enough_ && rounds.kept() < enough_); ++i) {
            Round round;
            round.bare_before = wake_up(side_, volume_, words_, yardstick);
            round.product = wake_up(side_, volume_, words_, product);
            round.bare_after = wake_up(side_, volume_, words_, yardstick);
            rounds.add(round);
        }
        return rounds;
    }

 private:
    Side& side_;
    SleepWords& words_;
    Volume volume_;
    std::size_t enough_;
};

// Nobody ever notifies these.
void add_idle(Event& event, ipc::Node& node, Side& side, std::size_t count) {
    if (side.first()) return;
    auto service = node.service_builder("ipc-bench/wake/idle/" + std::to_string(count))
                       .event()
                       .max_listeners(count)
                       .create()
                       .value();
    for (std::size_t i = 0; i < count; ++i) event.set().add_idle(service.listener_builder().create().value());
}

}  // namespace

Rows wake(const Options& options) {
    constexpr double bound = 1.15, bound_among_idle = 1.2;
    constexpr std::size_t few = 1, many = 999;
    const auto cores = two_cores(options);
    const BrokerProgram broker{options};
    constexpr std::size_t room = 1 << 16;
    SharedMemory memory{room};
    auto& point = memory.make<MeetingPoint>();
    auto& words = memory.make<SleepWords>();
    const BareByte in_read{Blocking::read};
    const BareByte in_epoll{Blocking::epoll};

    Rows rows = Rows::array();
    in_two_processes(cores, point, [&](Side& side) {
        auto node = make_node();
        Contests contests{side, words, options};
        const auto contest = [&](const std::string& what, const BareByte& bare, const char* yardstick,
                                 auto& product) {
            rows.push_back(row(what, contests.between(bare, product), yardstick, bound));
        };
        Event event{node, side, "event", In::itself};
        contest("notify, in blocking_wait", in_read, "byte, in read", event);
        Event event_in_set{node, side, "event-in-set", In::wait_set};
        contest("notify, in a wait set", in_epoll, "byte, in epoll", event_in_set);
        Samples samples{node, side, "samples", In::itself};
        contest("publish, in receive", in_read, "byte, in read", samples);
        Samples samples_in_set{node, side, "samples-in-set", In::wait_set};
        contest("publish, in a wait set", in_epoll, "byte, in epoll", samples_in_set);

        Event among_many{node, side, "among-many", In::wait_set};
        add_idle(event_in_set, node, side, few);
        add_idle(among_many, node, side, many);
        side.meet();
        rows.push_back(row("notify, in a wait set, 999 idle", contests.between(event_in_set, among_many),
                           "1 idle", bound_among_idle));
        side.meet();
    });
    return rows;
}

}  // namespace bench
