// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "crash/survivors.hpp"
#include "harness/world.hpp"

#include <ipc/ipc.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>

// Notifiers and listeners.
namespace crash {

inline constexpr const char* name_of_events = "events";
inline constexpr ipc::EventId of_survivor{130};
inline constexpr ipc::EventId of_mortal{70};
inline constexpr ipc::EventId of_successor{5};
inline constexpr ipc::EventId of_death{199};

struct EventCast {
    std::uint64_t notifiers = 2;  // with the mortal ones: as many as the service has room for
    std::uint64_t listeners = 2;
    bool sleeps = false;  // the listener, whenever it heard nothing
};

class EventSurvivors final : public Survivors {
 public:
    EventSurvivors(const std::string& socket, const EventCast& cast);

    void greet() override { notify(); }
    void relieve() override { notify(); }
    void go_on_beside() override;
    void look_back(std::uint64_t done) override;
    void take_notice() override { (void)notifier_.listeners().value(); }
    void go_on_without() override;

 private:
    static ipc::EventService open(const ipc::Node& node, const EventCast& cast);
    void notify();
    void hear();

    const EventCast cast_;
    ipc::Node node_;
    ipc::EventService service_;
    ipc::Notifier notifier_;
    ipc::Listener listener_;
    std::map<ipc::EventId, std::uint64_t> heard_;
    std::uint64_t notified_ = 0;
};

}  // namespace crash
