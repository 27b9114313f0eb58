// SPDX-License-Identifier: Apache-2.0
#include "crash/events.hpp"

#include <stdexcept>

namespace crash {

EventSurvivors::EventSurvivors(const std::string& socket, const EventCast& cast)
    : cast_{cast},
      node_{harness::node_at(socket, "survivor")},
      service_{open(node_, cast)},
      notifier_{service_.notifier_builder().create().value()},
      listener_{service_.listener_builder().create().value()} {
    if (cast.sleeps) (void)listener_.file_descriptor().value();
}

ipc::EventService EventSurvivors::open(const ipc::Node& node, const EventCast& cast) {
    return node.service_builder(name_of_events)
        .event()
        .event_id_max_value(of_death.value())
        .notifier_dead_event(of_death)
        .max_notifiers(cast.notifiers)
        .max_listeners(cast.listeners)
        .max_nodes(4)
        .open_or_create()
        .value();
}

void EventSurvivors::notify() {
    (void)notifier_.notify(of_survivor).value();
    ++notified_;
}

void EventSurvivors::hear() {
    (void)listener_.try_wait([this](ipc::EventActivation e) { heard_[e.id()] += e.count(); }).value();
}

void EventSurvivors::go_on_beside() {
    notify();
    hear();
    notify();
}

// A notifier that was connected is missed, once; who died before he was is not.
void EventSurvivors::look_back(std::uint64_t done) {
    const bool is_missed = done > 0;
    if (is_missed && !harness::eventually([&] {
            hear();
            return heard_[of_death] > 0;
        }))
        throw std::runtime_error{"nobody told that a notifier died"};
    hear();
    if (heard_[of_survivor] != notified_)
        throw std::runtime_error{"of " + std::to_string(notified_) + " notifications of a survivor " +
                                 std::to_string(heard_[of_survivor]) + " were heard"};
    if (heard_[of_mortal] < done || heard_[of_mortal] > done + 1)
        throw std::runtime_error{"of the " + std::to_string(done) + " notifications of the dead " +
                                 std::to_string(heard_[of_mortal]) + " were heard"};
    if (heard_[of_death] > 1) throw std::runtime_error{"a notifier died twice"};
    heard_.clear();
    notified_ = 0;
}

void EventSurvivors::go_on_without() {
    auto notifier = service_.notifier_builder().create().value();
    auto listener = service_.listener_builder().create().value();
    (void)notifier.notify(of_successor).value();
    notify();
    std::map<ipc::EventId, std::uint64_t> heard;
    (void)listener.try_wait([&](ipc::EventActivation e) { heard[e.id()] += e.count(); }).value();
    hear();
    heard_.erase(of_death);  // of a notifier that ended his life as he ended his operation
    if (heard != std::map<ipc::EventId, std::uint64_t>{{of_survivor, 1}, {of_successor, 1}} ||
        heard != heard_)
        throw std::runtime_error{"survivor and successor do not hear each other"};
    heard_.clear();
    notified_ = 0;
}

}  // namespace crash
