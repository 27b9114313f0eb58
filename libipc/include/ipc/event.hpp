// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/attribute.hpp"
#include "ipc/event_error.hpp"
#include "ipc/event_id.hpp"
#include "ipc/expected.hpp"
#include "ipc/export.hpp"
#include "ipc/listener.hpp"
#include "ipc/node_error.hpp"
#include "ipc/notifier.hpp"
#include "ipc/service_details.hpp"
#include "ipc/static_config.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace ipc::control {
class Session;
}
namespace ipc::detail {
struct Opening;
}

namespace ipc {

// An opened service of events. Copies are the same service; the node has it open until the last of them, and
// of the ports made from it, is gone. Thread-safe.
class IPC_API EventService {
 public:
    const std::string& name() const;
    // Names pattern and service together, the same in every process: 64 hexadecimal digits or fewer.
    const std::string& service_hash() const;
    // Whether it was this open_or_create that created it.
    bool was_created() const;
    // What its creator said of it.
    AttributeSet attributes() const;
    EventStaticConfig static_config() const;
    // Asks the broker: blocks until it answers, or the configuration's timeout.
    expected<EventDynamicConfig, Error<ServiceDetailsError>> dynamic_config() const;

    NotifierBuilder notifier_builder() const { return NotifierBuilder{handle_}; }
    ListenerBuilder listener_builder() const { return ListenerBuilder{handle_}; }

 private:
    friend class EventBuilder;
    explicit EventService(std::shared_ptr<detail::ServiceHandle> handle) : handle_{std::move(handle)} {}

    std::shared_ptr<detail::ServiceHandle> handle_;
};

// Settings of a service. For one that exists, only what was set is compared: numbers are minima, the deadline
// and the notifiers' events must be equal. What was not set is as in ipc/defaults.hpp if the service is
// created.
class IPC_API EventBuilder {
 public:
    EventBuilder(std::shared_ptr<control::Session> session, std::string name)
        : session_{std::move(session)}, name_{std::move(name)} {}

    // The highest event id: 0 to 65535.
    EventBuilder& event_id_max_value(std::uint64_t id);
    // 1 to 65536 each.
    EventBuilder& max_notifiers(std::uint64_t count);
    EventBuilder& max_listeners(std::uint64_t count);
    EventBuilder& max_nodes(std::uint64_t count);

    // The longest that each notifier may be silent; one that is later is told so
    // (NotifyError::MissedDeadline). More than 0.
    EventBuilder& deadline(std::chrono::nanoseconds duration);
    // Listeners hear this event when a notifier came after them, when one was dropped, and when the process
    // of one died: from their own node, so that no notifier has to do anything for it.
    EventBuilder& notifier_created_event(EventId id);
    EventBuilder& notifier_dropped_event(EventId id);
    EventBuilder& notifier_dead_event(EventId id);
    // There is none, which is the default; a service that has one is not opened.
    EventBuilder& disable_deadline();
    EventBuilder& disable_notifier_created_event();
    EventBuilder& disable_notifier_dropped_event();
    EventBuilder& disable_notifier_dead_event();

    // Each asks the broker: blocks until it answers, or the configuration's timeout.
    expected<EventService, Error<EventCreateError>> create() const;
    expected<EventService, Error<EventOpenError>> open() const;
    expected<EventService, Error<EventOpenOrCreateError>> open_or_create() const;
    // Likewise. A service that is created has the attributes that are defined, or required with a value; one
    // that is opened must have what is required (IncompatibleAttributes).
    expected<EventService, Error<EventCreateError>> create_with_attributes(
        const AttributeSpecifier& attributes) const;
    expected<EventService, Error<EventOpenError>> open_with_attributes(
        const AttributeVerifier& required) const;
    expected<EventService, Error<EventOpenOrCreateError>> open_or_create_with_attributes(
        const AttributeVerifier& required) const;

 private:
    template <class Code>
    expected<EventService, Error<Code>> ask(detail::Opening opening) const;

    // Set to a value, set to none, or not set.
    template <class Value>
    using Choice = std::optional<std::optional<Value>>;

    std::shared_ptr<control::Session> session_;
    std::string name_;
    std::optional<std::uint64_t> event_id_max_value_;
    std::optional<std::uint64_t> max_notifiers_;
    std::optional<std::uint64_t> max_listeners_;
    std::optional<std::uint64_t> max_nodes_;
    Choice<std::chrono::nanoseconds> deadline_;
    Choice<EventId> notifier_created_event_;
    Choice<EventId> notifier_dropped_event_;
    Choice<EventId> notifier_dead_event_;
};

}  // namespace ipc
