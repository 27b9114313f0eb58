// SPDX-License-Identifier: Apache-2.0
#include "service/error_names.hpp"
#include "service/opening.hpp"

#include <ipc/defaults.hpp>
#include <ipc/event.hpp>

#include <utility>

namespace ipc {

std::string_view to_string(EventCreateError error) {
    return detail::error_name(error);
}
std::string_view to_string(EventOpenError error) {
    return detail::error_name(error);
}
std::string_view to_string(EventOpenOrCreateError error) {
    return detail::error_name(error);
}

EventBuilder& EventBuilder::event_id_max_value(std::uint64_t id) {
    event_id_max_value_ = id;
    return *this;
}
EventBuilder& EventBuilder::max_notifiers(std::uint64_t count) {
    max_notifiers_ = count;
    return *this;
}
EventBuilder& EventBuilder::max_listeners(std::uint64_t count) {
    max_listeners_ = count;
    return *this;
}
EventBuilder& EventBuilder::max_nodes(std::uint64_t count) {
    max_nodes_ = count;
    return *this;
}
EventBuilder& EventBuilder::deadline(std::chrono::nanoseconds duration) {
    deadline_.emplace(duration);
    return *this;
}
EventBuilder& EventBuilder::notifier_created_event(EventId id) {
    notifier_created_event_.emplace(id);
    return *this;
}
EventBuilder& EventBuilder::notifier_dropped_event(EventId id) {
    notifier_dropped_event_.emplace(id);
    return *this;
}
EventBuilder& EventBuilder::notifier_dead_event(EventId id) {
    notifier_dead_event_.emplace(id);
    return *this;
}
EventBuilder& EventBuilder::disable_deadline() {
    deadline_.emplace(std::nullopt);
    return *this;
}
EventBuilder& EventBuilder::disable_notifier_created_event() {
    notifier_created_event_.emplace(std::nullopt);
    return *this;
}
EventBuilder& EventBuilder::disable_notifier_dropped_event() {
    notifier_dropped_event_.emplace(std::nullopt);
    return *this;
}
EventBuilder& EventBuilder::disable_notifier_dead_event() {
    notifier_dead_event_.emplace(std::nullopt);
    return *this;
}

namespace {

std::uint64_t number(EventId id) {
    return id.value();
}
std::uint64_t number(std::chrono::nanoseconds duration) {
    return static_cast<std::uint64_t>(duration.count());
}

// As it travels: set to a number, set to none, or not set.
template <class Value>
wire::EventRequirements::Exactly numbers(const std::optional<std::optional<Value>>& choice) {
    if (!choice) return std::nullopt;
    wire::EventRequirements::Exactly result{std::in_place};
    if (*choice) result->emplace(number(**choice));
    return result;
}

}  // namespace

template <class Code>
expected<EventService, Error<Code>> EventBuilder::ask(detail::Opening opening) const {
    const std::chrono::nanoseconds longest_silence =
        deadline_.value_or(std::nullopt).value_or(std::chrono::nanoseconds{1});
    if (longest_silence <= std::chrono::nanoseconds::zero())
        return unexpected{Error{Code::InvalidSetting, "the deadline of service \"" + name_ + "\" is " +
                                                          std::to_string(longest_silence.count()) +
                                                          " ns, and more than 0 is allowed"}};
    wire::EventRequest request;
    request.requirements = {.event_id_max_value = event_id_max_value_,
                            .max_notifiers = max_notifiers_,
                            .max_listeners = max_listeners_,
                            .max_nodes = max_nodes_,
                            .deadline_ns = numbers(deadline_),
                            .notifier_created_event = numbers(notifier_created_event_),
                            .notifier_dropped_event = numbers(notifier_dropped_event_),
                            .notifier_dead_event = numbers(notifier_dead_event_)};
    const wire::EventRequirements& chosen = request.requirements;
    request.settings = {.event_id_max_value = event_id_max_value_.value_or(defaults::event_id_max_value),
                        .max_notifiers = max_notifiers_.value_or(defaults::max_notifiers),
                        .max_listeners = max_listeners_.value_or(defaults::max_listeners),
                        .max_nodes = max_nodes_.value_or(defaults::event_max_nodes),
                        .deadline_ns = chosen.deadline_ns.value_or(std::nullopt),
                        .notifier_created_event = chosen.notifier_created_event.value_or(std::nullopt),
                        .notifier_dropped_event = chosen.notifier_dropped_event.value_or(std::nullopt),
                        .notifier_dead_event = chosen.notifier_dead_event.value_or(std::nullopt)};
    auto handle = detail::open_service<Code>(session_, name_, opening, std::move(request));
    if (!handle) return unexpected{std::move(handle.error())};
    return EventService{std::move(*handle)};
}

expected<EventService, Error<EventCreateError>> EventBuilder::create() const {
    return ask<EventCreateError>({.mode = wire::OpenMode::Create, .attributes = {}});
}

expected<EventService, Error<EventOpenError>> EventBuilder::open() const {
    return ask<EventOpenError>({.mode = wire::OpenMode::Open, .attributes = {}});
}

expected<EventService, Error<EventOpenOrCreateError>> EventBuilder::open_or_create() const {
    return ask<EventOpenOrCreateError>({.mode = wire::OpenMode::OpenOrCreate, .attributes = {}});
}

expected<EventService, Error<EventCreateError>> EventBuilder::create_with_attributes(
    const AttributeSpecifier& attributes) const {
    return ask<EventCreateError>({.mode = wire::OpenMode::Create, .attributes = detail::to_wire(attributes)});
}

expected<EventService, Error<EventOpenError>> EventBuilder::open_with_attributes(
    const AttributeVerifier& required) const {
    return ask<EventOpenError>({.mode = wire::OpenMode::Open, .attributes = detail::to_wire(required)});
}

expected<EventService, Error<EventOpenOrCreateError>> EventBuilder::open_or_create_with_attributes(
    const AttributeVerifier& required) const {
    return ask<EventOpenOrCreateError>(
        {.mode = wire::OpenMode::OpenOrCreate, .attributes = detail::to_wire(required)});
}

}  // namespace ipc
