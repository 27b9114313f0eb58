// SPDX-License-Identifier: Apache-2.0
// What the wait set waits for: opens doors, raises alarms and sends numbers, each at its own pace.
#include <ipc/ipc.hpp>

#include <chrono>
#include <cstdint>

int main() {
    using namespace std::chrono_literals;

    auto node = ipc::NodeBuilder{}.name("example wait set peer").create().value();
    auto doors = node.service_builder("House/Doors").event().open_or_create().value();
    auto alarms = node.service_builder("House/Alarms").event().open_or_create().value();
    auto numbers = node.service_builder("My/Funk/ServiceName")
                       .publish_subscribe<std::uint64_t>()
                       .open_or_create()
                       .value();
    auto door = doors.notifier_builder().create().value();
    auto alarm = alarms.notifier_builder().create().value();
    auto publisher = numbers.publisher_builder().create().value();

    auto wait_set = ipc::WaitSetBuilder{}.create().value();
    auto door_opens = wait_set.attach_interval(30ms).value();
    auto alarm_goes_off = wait_set.attach_interval(70ms).value();
    auto number_is_due = wait_set.attach_interval(20ms).value();

    std::uint64_t number = 0;
    wait_set
        .wait_and_process([&](const ipc::WaitSetAttachmentId& id) {
            if (id.has_event_from(door_opens)) door.notify(ipc::EventId{number % 4}).value();
            if (id.has_event_from(alarm_goes_off)) alarm.notify(ipc::EventId{1}).value();
            if (id.has_event_from(number_is_due)) publisher.send_copy(number++).value();
            return ipc::CallbackProgression::Continue;
        })
        .value();
}
