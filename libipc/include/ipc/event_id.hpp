// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <ostream>

namespace ipc {

// What happened: a number from 0 to the service's event_id_max_value, whose meaning is the application's.
class EventId {
 public:
    explicit constexpr EventId(std::uint64_t value) : value_{value} {}

    constexpr std::uint64_t value() const { return value_; }

    friend constexpr auto operator<=>(const EventId&, const EventId&) = default;
    friend std::ostream& operator<<(std::ostream& out, EventId id) { return out << id.value_; }

 private:
    std::uint64_t value_;
};

// What a listener is told: which event, and how often it happened since somebody was told last. The count is
// the notifiers' word for it, and may be anything: do not loop over it.
class EventActivation {
 public:
    constexpr EventActivation(EventId id, std::uint64_t count) : id_{id}, count_{count} {}

    constexpr EventId id() const { return id_; }
    constexpr std::uint64_t count() const { return count_; }

    friend constexpr bool operator==(const EventActivation&, const EventActivation&) = default;

 private:
    EventId id_;
    std::uint64_t count_;
};

}  // namespace ipc

template <>
struct std::hash<ipc::EventId> {
    std::size_t operator()(ipc::EventId id) const noexcept { return static_cast<std::size_t>(id.value()); }
};
