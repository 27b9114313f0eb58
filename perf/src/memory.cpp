// SPDX-License-Identifier: Apache-2.0
#include "memory.hpp"

#include "broker_program.hpp"
#include "data_segment.hpp"
#include "node.hpp"
#include "payload.hpp"

#include <ipc/ipc.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <random>
#include <set>
#include <stdexcept>
#include <vector>

namespace bench {

namespace {

constexpr std::size_t mib = 1024 * 1024;
constexpr std::size_t size = 16 * mib;
constexpr std::size_t subscriber_count = 8;  // where nothing else is said

using Frame = Payload<size>;

// A subscriber, what waits for it, and what it holds; all in one thread, so that what is in flight is known.
struct Reader {
    ipc::Subscriber<Frame> subscriber;
    std::size_t buffer_size;
    std::deque<std::uint64_t> waiting;
    std::deque<ipc::Sample<Frame>> held;
    std::deque<std::uint64_t> held_numbers;

    void sent(std::uint64_t number) {
        waiting.push_back(number);
        if (waiting.size() > buffer_size) waiting.pop_front();
    }
    void take() {
        if (waiting.empty()) return;
        auto sample = subscriber.receive().value();
        if (!sample) throw std::runtime_error{"a sample that was sent did not arrive"};
        held.push_back(std::move(*sample));
        held_numbers.push_back(waiting.front());
        waiting.pop_front();
    }
    void give_back() {
        if (held.empty()) return;
        held.pop_front();
        held_numbers.pop_front();
    }
};

// Every page: memory is paid when it is touched.
void touch_whole(Frame& frame, std::uint64_t number) {
    std::memset(frame.bytes.data(), static_cast<int>(number & 0xff), size);
}

class World {
 public:
    explicit World(ipc::Node& node, std::size_t subscribers = subscriber_count)
        : service_{node.service_builder("ipc-bench/memory")
                       .publish_subscribe<Frame>()
                       .max_subscribers(subscribers)
                       .open_or_create()
                       .value()},
          publisher_{service_.publisher_builder().create().value()} {
        for (std::size_t i = 0; i < subscribers; ++i)
            readers_.push_back({.subscriber = service_.subscriber_builder().create().value(),
                                .buffer_size = ipc::defaults::subscriber_max_buffer_size,
                                .waiting = {},
                                .held = {},
                                .held_numbers = {}});
    }

    std::vector<Reader>& readers() { return readers_; }

    void send() {
        auto loan = publisher_.loan_uninit().value();
        in_flight_ = std::max(in_flight_, count() + 1);
        touch_whole(*loan.payload_mut(), number_);
        if (std::move(loan).assume_init().send().value() != readers_.size())
            throw std::runtime_error{"a sample did not reach every subscriber"};
        for (Reader& reader : readers_) reader.sent(number_);
        ++number_;
    }

    Rows row(const char* pattern) const {
        const DataSegment segment = largest_data_segment();
        const auto in_mib = [](std::size_t bytes) { return static_cast<double>(bytes) / mib; };
        return Rows{{"pattern", pattern},
                    {"subscribers", readers_.size()},
                    {"sent", number_},
                    {"segment_mib", in_mib(segment.size)},
                    {"in_flight_mib", in_mib(in_flight_ * size)},
                    {"resident_mib", in_mib(segment.resident)},
                    {"ratio", static_cast<double>(segment.resident) / static_cast<double>(in_flight_ * size)},
                    {"bound", 1.0}};
    }

 private:
    std::size_t count() const {
        std::set<std::uint64_t> numbers;
        for (const Reader& reader : readers_) {
            numbers.insert(reader.waiting.begin(), reader.waiting.end());
            numbers.insert(reader.held_numbers.begin(), reader.held_numbers.end());
        }
        return numbers.size();
    }

    ipc::PublishSubscribeService<Frame> service_;
    ipc::Publisher<Frame> publisher_;
    std::vector<Reader> readers_;
    std::uint64_t number_ = 0;
    std::size_t in_flight_ = 0;  // the most so far, with the loan
};

// Everybody keeps up.
Rows in_step(ipc::Node& node, int samples, std::size_t subscribers) {
    World world{node, subscribers};
    for (int i = 0; i < samples; ++i) {
        world.send();
        for (Reader& reader : world.readers()) {
            reader.take();
            reader.give_back();
        }
    }
    return world.row("everybody keeps up");
}

// Nobody takes anything: the oldest is evicted.
Rows overflow(ipc::Node& node, int samples) {
    World world{node};
    for (int i = 0; i < samples; ++i) world.send();
    return world.row("nobody receives");
}

// Each takes and gives back when it likes. The same every time.
Rows at_random(ipc::Node& node, int samples) {
    World world{node};
    std::mt19937 random{1};
    for (int i = 0; i < samples; ++i) {
        world.send();
        for (Reader& reader : world.readers()) {
            if (random() % 2 == 0 && reader.held.size() < ipc::defaults::subscriber_max_borrowed_samples)
                reader.take();
            if (random() % 2 == 0) reader.give_back();
        }
    }
    return world.row("at random");
}

}  // namespace

Rows memory(const Options& options) {
    const BrokerProgram broker{options};
    auto node = make_node();
    const int samples = options.quick ? 20 : 100;
    Rows rows = Rows::array();
    constexpr std::size_t one = 1, many = 64;
    for (const std::size_t subscribers : {one, subscriber_count, many})
        rows.push_back(in_step(node, samples, subscribers));
    rows.push_back(overflow(node, samples));
    rows.push_back(at_random(node, samples));
    return rows;
}

}  // namespace bench
