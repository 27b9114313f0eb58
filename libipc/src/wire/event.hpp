// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wire/port_kind.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

// The event pattern: numbered signals from notifiers to listeners.
namespace ipc::wire {

// What an event service is; fixed by its creator.
struct EventSettings {
    static constexpr std::string_view key = "event";
    static constexpr std::string_view words = "event";

    std::uint64_t event_id_max_value = 0;
    std::uint64_t max_notifiers = 0;
    std::uint64_t max_listeners = 0;
    std::uint64_t max_nodes = 0;
    std::optional<std::uint64_t> deadline_ns;  // at most this between two notifications
    // Events that listeners get when a notifier comes, goes, or dies.
    std::optional<std::uint64_t> notifier_created_event;
    std::optional<std::uint64_t> notifier_dropped_event;
    std::optional<std::uint64_t> notifier_dead_event;

    friend bool operator==(const EventSettings&, const EventSettings&) = default;
};

// What somebody who opens it wants: only what was set is compared. Numbers are minima; what may be absent
// must be equal, and an inner nullopt says that there must be none.
struct EventRequirements {
    using Exactly = std::optional<std::optional<std::uint64_t>>;

    std::optional<std::uint64_t> event_id_max_value;
    std::optional<std::uint64_t> max_notifiers;
    std::optional<std::uint64_t> max_listeners;
    std::optional<std::uint64_t> max_nodes;
    Exactly deadline_ns;
    Exactly notifier_created_event;
    Exactly notifier_dropped_event;
    Exactly notifier_dead_event;
};

struct EventRequest {
    using Settings = EventSettings;
    static constexpr std::string_view key = Settings::key;

    Settings settings;
    EventRequirements requirements;
};

struct NotifierSettings {
    using Service = EventSettings;
    static constexpr PortKind kind = PortKind::Notifier;
    static constexpr std::string_view key = "notifier";

    std::uint64_t default_event_id = 0;
};

struct ListenerSettings {
    using Service = EventSettings;
    static constexpr PortKind kind = PortKind::Listener;
    static constexpr std::string_view key = "listener";
};

// Counters from one notifier to one listener.
struct EventConnection {
    static constexpr std::string_view key = "event";

    std::uint64_t event_id_max_value = 0;
};

}  // namespace ipc::wire
