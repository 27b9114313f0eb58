// SPDX-License-Identifier: Apache-2.0
#include "layout/limits.hpp"
#include "port/notifier_port.hpp"
#include "port/refusals.hpp"
#include "service/names.hpp"
#include "service/settings_conversion.hpp"

#include <ipc/notifier.hpp>

#include <utility>

namespace ipc {

UniquePortId Notifier::id() const {
    return {port_->id().high, port_->id().low};
}

std::int64_t Notifier::notify_all(port::NotifierPort* port, const EventId* id) {
    return id == nullptr ? port->notify() : port->notify(id->value());
}

expected<void, NotifyError> Notifier::notify_listener(UniquePortId listener, EventId id) {
    const auto told = outcome(port_->notify_listener({listener.high(), listener.low()}, id.value()));
    if (!told) return unexpected{told.error()};
    return {};
}

expected<std::vector<UniquePortId>, NotifyError> Notifier::listeners() {
    return port_->listeners();
}

std::optional<std::chrono::nanoseconds> Notifier::deadline() const {
    return detail::from_wire(port_->service()).deadline;
}

void Notifier::close() {
    port_->close();
}

NotifierBuilder::NotifierBuilder(std::shared_ptr<detail::ServiceHandle> service)
    : service_{std::move(service)} {}

NotifierBuilder& NotifierBuilder::name(std::string_view name) {
    name_ = name;
    return *this;
}

NotifierBuilder& NotifierBuilder::default_event_id(EventId id) {
    default_event_id_ = id;
    return *this;
}

NotifierBuilder& NotifierBuilder::thread_safe(bool enabled) {
    thread_safe_ = enabled;
    return *this;
}

expected<Notifier, Error<NotifierCreateError>> NotifierBuilder::create() const {
    if (auto why = detail::why_invalid("notifier", name_, 0, layout::max_node_name))
        return unexpected{Error{NotifierCreateError::InvalidName, std::move(*why)}};
    auto port = port::NotifierPort::create(
        service_, name_, {.default_event_id = default_event_id_.value(), .thread_safe = thread_safe_});
    if (!port) return unexpected{port::notifier_create_error(std::move(port.error()))};
    return Notifier{*port};
}

}  // namespace ipc
