// SPDX-License-Identifier: Apache-2.0
// Notifies of an event every 100 ms until it is asked to terminate; each kind of event has a number.
#include <ipc/ipc.hpp>

#include <chrono>
#include <cstdint>
#include <iostream>

int main() {
    using namespace std::chrono_literals;

    auto node = ipc::NodeBuilder{}.name("example notifier").create().value();
    auto event = node.service_builder("MyEventName")
                     .event()
                     .notifier_created_event(ipc::EventId{100})
                     .notifier_dropped_event(ipc::EventId{101})
                     .notifier_dead_event(ipc::EventId{102})
                     .open_or_create()
                     .value();
    auto notifier = event.notifier_builder().create().value();

    for (std::uint64_t counter = 0; node.wait(100ms); ++counter) {
        const ipc::EventId id{counter % 12};
        const auto listeners = notifier.notify(id).value();
        std::cout << "notified " << listeners << " listener" << (listeners == 1 ? "" : "s") << " of event "
                  << id << std::endl;
    }
}
