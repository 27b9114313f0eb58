// SPDX-License-Identifier: Apache-2.0
#include "layout/limits.hpp"
#include "port/listener_port.hpp"
#include "port/refusals.hpp"
#include "service/names.hpp"
#include "service/settings_conversion.hpp"

#include <ipc/listener.hpp>

#include <utility>

namespace ipc {

UniquePortId Listener::id() const {
    return {port_->id().high, port_->id().low};
}

std::int64_t Listener::collect(port::ListenerPort* port, detail::EventSink sink, Amount amount) {
    return port->collect(sink, amount == Amount::one);
}

std::int64_t Listener::wait(port::ListenerPort* port, detail::EventSink sink, Amount amount,
                            std::chrono::nanoseconds timeout) {
    return port->collect(sink, amount == Amount::one, timeout);
}

expected<int, Error<FileDescriptorError>> Listener::file_descriptor() {
    auto descriptor = port_->file_descriptor();
    if (!descriptor) return unexpected{port::file_descriptor_error(std::move(descriptor.error()))};
    return *descriptor;
}

std::shared_ptr<port::WaitSource> Listener::wait_source() const {
    return port_->wait_source();
}

std::optional<std::chrono::nanoseconds> Listener::deadline() const {
    return detail::from_wire(port_->service()).deadline;
}

void Listener::close() {
    port_->close();
}

ListenerBuilder::ListenerBuilder(std::shared_ptr<detail::ServiceHandle> service)
    : service_{std::move(service)} {}

ListenerBuilder& ListenerBuilder::name(std::string_view name) {
    name_ = name;
    return *this;
}

ListenerBuilder& ListenerBuilder::degradation_handler(DegradationHandler handler) {
    degradation_handler_ = std::move(handler);
    return *this;
}

expected<Listener, Error<ListenerCreateError>> ListenerBuilder::create() const {
    if (auto why = detail::why_invalid("listener", name_, 0, layout::max_node_name))
        return unexpected{Error{ListenerCreateError::InvalidName, std::move(*why)}};
    auto port = port::ListenerPort::create(service_, name_, degradation_handler_);
    if (!port) return unexpected{port::listener_create_error(std::move(port.error()))};
    return Listener{*port};
}

}  // namespace ipc
