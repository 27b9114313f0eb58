// SPDX-License-Identifier: Apache-2.0
#include "watched_flow.hpp"

#include "node.hpp"
#include "product_ports.hpp"
#include "two_processes.hpp"

#include <ipc/ipc.hpp>

#include <cstdint>
#include <stdexcept>
#include <thread>

namespace bench {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t watched_size = 64;

auto open_watched(const ipc::Node& node) {
    constexpr std::size_t buffer = 1024;
    return node.service_builder("ipc-bench/watched")
        .publish_subscribe<Payload<watched_size>>()
        .enable_safe_overflow(false)
        .subscriber_max_buffer_size(buffer)
        .open_or_create()
        .value();
}

[[noreturn]] void send_for_ever(const std::function<void()>& ready, const std::string& socket,
                                const std::string& elsewhere) {
    const auto other_node = make_node(elsewhere);
    const auto idle = open_watched(other_node).publisher_builder().create().value();
    const auto node = make_node(socket);
    Sender<watched_size> sender{open_watched(node).publisher_builder().create().value()};
    ready();
    while (true) sender.send();
}

}  // namespace

WatchedFlow::WatchedFlow(const std::array<int, 2>& cores, const BrokerProgram& broker,
                         const BrokerProgram& neighbour, SharedMemory& memory)
    : seen_{memory.make<Seen>()},
      receiving_{[&](const std::function<void()>& ready) {
          pin_to(cores[0]);
          receive(ready, broker.socket(), neighbour.socket());
      }},
      sending_{[&](const std::function<void()>& ready) {
          pin_to(cores[1]);
          send_for_ever(ready, broker.socket(), neighbour.socket());
      }} {}

void WatchedFlow::begin() const {
    receiving_.go();
    sending_.go();
}

void WatchedFlow::end() {
    sending_.kill();
    receiving_.kill();
}

void WatchedFlow::receive(const std::function<void()>& ready, const std::string& socket,
                          const std::string& elsewhere) {
    const auto other_node = make_node(elsewhere);
    const auto idle = open_watched(other_node).subscriber_builder().create().value();
    const auto node = make_node(socket);
    Receiver<watched_size> receiver{open_watched(node).subscriber_builder().create().value()};
    ready();
    auto before = std::chrono::steady_clock::time_point::max();
    for (std::uint64_t samples = 1;; ++samples) {
        while (!receiver.receive()) {
        }
        const auto now = std::chrono::steady_clock::now();
        if (now > before) note_gap(now - before);
        before = now;
        seen_.samples.store(samples, std::memory_order_relaxed);
    }
}

void WatchedFlow::note_gap(std::chrono::nanoseconds gap) {
    const auto ns = static_cast<std::uint64_t>(gap.count());
    auto longest = seen_.longest_gap_ns.load(std::memory_order_relaxed);
    while (ns > longest && !seen_.longest_gap_ns.compare_exchange_weak(longest, ns)) {
    }
}

double WatchedFlow::longest_gap_us(const std::function<void()>& work) {
    constexpr auto stretch = 200ms;
    constexpr auto until_calm = 10ms;  // what this process did before is over
    std::this_thread::sleep_for(until_calm);
    seen_.longest_gap_ns.store(0);
    const auto samples = seen_.samples.load();
    const auto end = std::chrono::steady_clock::now() + stretch;
    work();
    std::this_thread::sleep_until(end);
    if (seen_.samples.load() == samples) throw std::runtime_error{"the flow came to an end"};
    return static_cast<double>(seen_.longest_gap_ns.load()) / 1e3;
}

}  // namespace bench
