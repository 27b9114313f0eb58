// SPDX-License-Identifier: Apache-2.0
// Sleeps until a door opens, an alarm goes off, or a number comes, whatever is first, and says so if none
// came for a while.
#include <ipc/ipc.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <iostream>
#include <unordered_map>

int main() {
    using namespace std::chrono_literals;
    using Id = ipc::WaitSetAttachmentId;

    auto node = ipc::NodeBuilder{}.name("example wait set").create().value();
    auto doors = node.service_builder("House/Doors").event().open_or_create().value();
    auto alarms = node.service_builder("House/Alarms").event().open_or_create().value();
    auto numbers = node.service_builder("My/Funk/ServiceName")
                       .publish_subscribe<std::uint64_t>()
                       .open_or_create()
                       .value();
    auto door = doors.listener_builder().create().value();
    auto alarm = alarms.listener_builder().create().value();
    auto number = numbers.subscriber_builder().create().value();

    auto wait_set = ipc::WaitSetBuilder{}.create().value();
    auto on_door = wait_set.attach_notification(door).value();
    auto on_alarm = wait_set.attach_notification(alarm).value();
    auto on_number = wait_set.attach_deadline(number, 1s).value();

    // Each thing that can happen finds its handler in one look-up.
    std::unordered_map<Id, std::function<void(const Id&)>> handlers;
    handlers[Id::from_guard(on_door)] = [&](const Id&) {
        door.try_wait(
                [](ipc::EventActivation e) { std::cout << "door " << e.id() << " opened" << std::endl; })
            .value();
    };
    handlers[Id::from_guard(on_alarm)] = [&](const Id&) {
        alarm
            .try_wait([](ipc::EventActivation e) {
                std::cout << "alarm " << e.id() << " went off, " << e.count() << " times" << std::endl;
            })
            .value();
    };
    handlers[Id::from_guard(on_number)] = [&](const Id& id) {
        if (id.has_missed_deadline(on_number)) std::cout << "no number for a second" << std::endl;
        while (auto sample = number.receive().value()) std::cout << "number " << **sample << std::endl;
    };

    // Until the process is asked to terminate.
    wait_set
        .wait_and_process([&](const Id& id) {
            handlers.at(id)(id);
            return ipc::CallbackProgression::Continue;
        })
        .value();
}
