// SPDX-License-Identifier: Apache-2.0
#include "reclaim.hpp"

#include "broker_program.hpp"
#include "client_process.hpp"
#include "exchange.hpp"
#include "node.hpp"
#include "product_ports.hpp"
#include "statistics.hpp"

#include <ipc/ipc.hpp>

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace bench {

namespace {

constexpr std::size_t size = 1 << 20;
constexpr std::size_t buffer = 2;
const std::string victim_name = "ipc-bench-victim";

auto open_service(ipc::Node& node) {
    return node.service_builder("ipc-bench/reclaim")
        .publish_subscribe<Payload<size>>()
        .enable_safe_overflow(false)
        .subscriber_max_buffer_size(buffer)
        .open_or_create()
        .value();
}

// Never receives: its buffer is full as soon as so much was sent, and the next send waits for it.
void be_a_victim(const std::function<void()>& ready) {
    auto node = ipc::NodeBuilder{}
                    .name(victim_name)
                    .signal_handling_mode(ipc::SignalHandlingMode::Disabled)
                    .create()
                    .value();
    const auto subscriber = open_service(node).subscriber_builder().create().value();
    ready();
    while (true) pause();
}

bool broker_knows_a_victim() {
    bool known = false;
    ipc::Node::list(ipc::Config{}, [&](const ipc::NodeDetails& details) {
        known |= details.name == victim_name;
        return ipc::CallbackProgression::Continue;
    }).value();
    return known;
}

using Clock = std::chrono::steady_clock;

double us_between(Clock::time_point begin, Clock::time_point end) {
    return std::chrono::duration<double, std::micro>(end - begin).count();
}

// Until the send that waited for the victim returns: what the victim had was taken back just before.
double publisher_goes_on_us(Sender<size>& sender, ClientProcess& victim) {
    victim.go();
    for (std::size_t i = 0; i < buffer; ++i)
        if (sender.send() != 1) throw std::runtime_error{"the victim is not there"};
    Clock::time_point killed;
    std::thread killer{[&] {
        constexpr auto until_send_waits = std::chrono::milliseconds{20};
        std::this_thread::sleep_for(until_send_waits);
        killed = Clock::now();
        ::kill(victim.pid(), SIGKILL);
    }};
    const std::size_t receivers = sender.send();
    const auto went_on = Clock::now();
    killer.join();
    victim.kill();
    if (receivers != 0) throw std::runtime_error{"a send that waited for the victim did not notice its end"};
    return us_between(killed, went_on);
}

// Until an answer of the broker no longer names it.
double broker_knows_us(ClientProcess& victim) {
    victim.go();
    const auto killed = Clock::now();
    ::kill(victim.pid(), SIGKILL);
    while (broker_knows_a_victim()) {
    }
    const auto knew = Clock::now();
    victim.kill();
    return us_between(killed, knew);
}

// The yardstick: until the kernel tells who watches the process that it is dead, which is not before its
// memory is gone.
double bare_death_us(ClientProcess& victim) {
    victim.go();
    const int watched = static_cast<int>(syscall(SYS_pidfd_open, victim.pid(), 0));
    if (watched < 0) throw std::system_error{errno, std::generic_category(), "pidfd_open"};
    pollfd watch{.fd = watched, .events = POLLIN, .revents = 0};
    const auto begin = std::chrono::steady_clock::now();
    ::kill(victim.pid(), SIGKILL);
    if (poll(&watch, 1, -1) != 1) throw std::system_error{errno, std::generic_category(), "poll"};
    const double taken = nanoseconds_since(begin) / 1e3;
    close(watched);
    victim.kill();
    return taken;
}

Rows row(const char* what, const std::vector<double>& figures) {
    return Rows{{"after a SIGKILL", what},
                {"us", median(figures)},
                {"slowest_us", quantile(figures, 1)},
                {"spread", spread(figures)},
                {"deaths", figures.size()}};
}

}  // namespace

Rows reclaim(const Options& options) {
    const BrokerProgram broker{options};
    std::deque<ClientProcess> victims;
    for (std::size_t i = 0; i < 3 * options.rounds_or(30, 5); ++i) victims.emplace_back(be_a_victim);
    auto node = make_node();
    Sender<size> sender{open_service(node).publisher_builder().create().value()};
    std::vector<double> bare, publisher, known;
    for (auto victim = victims.begin(); victim != victims.end(); ++victim) {
        bare.push_back(bare_death_us(*victim));
        publisher.push_back(publisher_goes_on_us(sender, *++victim));
        known.push_back(broker_knows_us(*++victim));
    }
    return Rows::array({row("until the kernel says so: the yardstick", bare),
                        row("until the publisher has its chunks back and goes on", publisher),
                        row("until the broker's answer no longer names it", known)});
}

}  // namespace bench
