// SPDX-License-Identifier: Apache-2.0
// Prints the events that notifiers tell. Sleeps while there are none, and hears of each of them, however many
// there were meanwhile; also when a notifier came, went, or was killed.
#include <ipc/ipc.hpp>

#include <chrono>
#include <iostream>

int main() {
    using namespace std::chrono_literals;

    auto node = ipc::NodeBuilder{}.name("example listener").create().value();
    auto event = node.service_builder("MyEventName")
                     .event()
                     .notifier_created_event(ipc::EventId{100})
                     .notifier_dropped_event(ipc::EventId{101})
                     .notifier_dead_event(ipc::EventId{102})
                     .open_or_create()
                     .value();
    auto listener = event.listener_builder().create().value();

    const auto print = [](ipc::EventActivation e) {
        std::cout << "event was triggered with id: " << e.id();
        if (e.count() > 1) std::cout << ", " << e.count() << " times";
        std::cout << std::endl;
    };
    // Woken by the notifier itself; the time-out only bounds how long one wait may be.
    while (listener.timed_wait(print, 1s)) {
    }  // asked to terminate
}
