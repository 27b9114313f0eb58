// SPDX-License-Identifier: Apache-2.0
// Notifiers and listeners that die.
#include "crash/events.hpp"
#include "crash/mortal.hpp"

#include <utility>

using namespace crash;

namespace {

auto events_of(Mortal& mortal) {
    return mortal.node().service_builder(name_of_events).event().open().value();
}

}  // namespace

OPERATION(notify) {
    auto notifier = events_of(mortal).notifier_builder().create().value();
    (void)notifier.notify(of_mortal).value();
    mortal.begins(1);
    (void)notifier.notify(of_mortal).value();
    mortal.ends();
}

OPERATION(listen) {
    auto listener = events_of(mortal).listener_builder().create().value();
    mortal.begins();
    (void)listener.try_wait([](ipc::EventActivation) {}).value();
    mortal.ends();
}

OPERATION(listen_asleep) {
    auto listener = events_of(mortal).listener_builder().create().value();
    mortal.begins();
    (void)listener.try_wait([](ipc::EventActivation) {}).value();
    (void)listener.timed_wait([](ipc::EventActivation) {}, patience).value();
    mortal.ends();
}

OPERATION(create_notifier) {
    auto service = events_of(mortal);
    mortal.begins();
    auto notifier = service.notifier_builder().create().value();
    mortal.ends();
}

OPERATION(create_listener) {
    auto service = events_of(mortal);
    mortal.begins();
    auto listener = service.listener_builder().create().value();
    mortal.ends();
}

OPERATION(drop_notifier) {
    std::optional notifier{events_of(mortal).notifier_builder().create().value()};
    mortal.begins();
    notifier.reset();
    mortal.ends();
}

OPERATION(drop_listener) {
    std::optional listener{events_of(mortal).listener_builder().create().value()};
    mortal.begins();
    listener.reset();
    mortal.ends();
}
