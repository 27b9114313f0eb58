// SPDX-License-Identifier: Apache-2.0
#include "idle.hpp"

#include "broker_program.hpp"
#include "client_process.hpp"
#include "cpu_time.hpp"
#include "event_ports.hpp"
#include "node.hpp"
#include "product_ports.hpp"

#include <ipc/ipc.hpp>

#include <unistd.h>

#include <chrono>
#include <functional>
#include <thread>

namespace bench {

namespace {

using namespace std::chrono_literals;
using Ready = std::function<void()>;

constexpr std::size_t size = 64;

auto samples_of(ipc::Node& node) {
    return node.service_builder("ipc-bench/idle/samples")
        .publish_subscribe<Payload<size>>()
        .open_or_create()
        .value();
}
auto events_of(ipc::Node& node) {
    return node.service_builder("ipc-bench/idle/events").event().open_or_create().value();
}

void have_ports(const Ready& ready) {
    auto node = make_node();
    const auto publisher = samples_of(node).publisher_builder().create().value();
    const auto subscriber = samples_of(node).subscriber_builder().create().value();
    ready();
    while (true) pause();
}

void sleep_on_samples(const Ready& ready) {
    auto node = make_node();
    Receiver<size> receiver{samples_of(node).subscriber_builder().create().value()};
    ready();
    while (true) receiver.sleep();
}

void sleep_on_events(const Ready& ready) {
    auto node = make_node();
    Listening listening{events_of(node).listener_builder().create().value()};
    ready();
    while (true) listening.sleep();
}

// Nobody needs processor time to wait.
Rows waiting_row(const char* what, const ClientProcess& client) {
    client.go();
    std::this_thread::sleep_for(200ms);  // until it lies
    const double before = cpu_ms(client.pid());
    std::this_thread::sleep_for(2s);
    return Rows{
        {"client", what}, {"unit", "ms in 2 s"}, {"value", cpu_ms(client.pid()) - before}, {"bound", 0.0}};
}

// What one wake-up costs who sleeps: the kernel's part and the library's.
Rows woken_row(const char* what, const ClientProcess& client, const std::function<void()>& send) {
    constexpr int times = 1000;
    const double before = cpu_ms(client.pid());
    for (int i = 0; i < times; ++i) {
        std::this_thread::sleep_for(1ms);
        send();
    }
    return Rows{
        {"client", what}, {"unit", "us for each"}, {"value", (cpu_ms(client.pid()) - before) / times * 1e3}};
}

}  // namespace

Rows idle(const Options& options) {
    const BrokerProgram broker{options};
    const ClientProcess with_ports{have_ports}, on_samples{sleep_on_samples}, on_events{sleep_on_events};
    Rows rows = Rows::array();
    rows.push_back(waiting_row("has ports, does nothing", with_ports));
    rows.push_back(waiting_row("sleeps in receive", on_samples));
    rows.push_back(waiting_row("sleeps in blocking_wait", on_events));
    auto node = make_node();
    Sender<size> sender{samples_of(node).publisher_builder().create().value()};
    Notifying notifying{events_of(node).notifier_builder().create().value(), 1};
    rows.push_back(woken_row("is woken by a sample", on_samples, [&] { sender.send(); }));
    rows.push_back(woken_row("is woken by an event", on_events, [&] { notifying.send(); }));
    return rows;
}

}  // namespace bench
