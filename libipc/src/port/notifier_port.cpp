// SPDX-License-Identifier: Apache-2.0
// The way of a notification: for each listener a few stores and a look at whether it sleeps. No system call
// but to wake one that does, no allocation, no lock (but in a thread_safe notifier), no read-modify-write.
#include "port/notifier_port.hpp"

#include "layout/counters.hpp"
#include "port/built_port.hpp"
#include "service/settings_conversion.hpp"

#include <algorithm>
#include <utility>

namespace ipc::port {

namespace {

std::atomic<std::uint64_t>& word(detail::ServiceHandle& service, const wire::PortCreated& created,
                                 layout::NotifierCounter counter) {
    return service.session()->counters(created.record)[static_cast<std::size_t>(counter)];
}

std::int64_t failed(NotifyError error) {
    return -1 - static_cast<std::int64_t>(error);
}

}  // namespace

NotifierPort::NotifierPort(std::shared_ptr<detail::ServiceHandle> service, NotifierSettings settings,
                           const wire::PortCreated& created)
    : max_id_{service->settings<wire::EventSettings>().event_id_max_value},
      settings_{settings},
      deadline_{detail::from_wire(service->settings<wire::EventSettings>()).deadline},
      notified_{word(*service, created, layout::NotifierCounter::notified)},
      delivered_{word(*service, created, layout::NotifierCounter::delivered)},
      woken_{word(*service, created, layout::NotifierCounter::woken)},
      late_{word(*service, created, layout::NotifierCounter::late)},
      id_{created.port},
      service_{std::move(service)} {}

tl::expected<NotifierPort*, control::CallFailure> NotifierPort::create(
    std::shared_ptr<detail::ServiceHandle> service, const std::string& name, NotifierSettings settings) {
    const wire::CreatePort request{
        .service = service->service_id(),
        .name = name,
        .settings = wire::NotifierSettings{.default_event_id = settings.default_event_id}};
    const auto make = [&](const wire::PortCreated& created, const std::optional<shm::MemoryFile>&)
        -> tl::expected<std::shared_ptr<NotifierPort>, std::string> {
        return std::make_shared<NotifierPort>(service, settings, created);
    };
    auto port = build_port<NotifierPort>(*service->session(), request, make);
    if (!port) return tl::unexpected{std::move(port.error())};
    (*port)->self_ = *port;
    return port->get();
}

std::int64_t NotifierPort::notify(std::uint64_t id) {
    if (is_forked_copy()) [[unlikely]]
        return failed(NotifyError::ForkedProcess);
    if (id > max_id_) [[unlikely]]
        return failed(NotifyError::EventIdOutOfBounds);
    const auto lock = lock_if_shared();
    if (inbox_.has_changes()) [[unlikely]]
        take_changes();
    std::size_t reached = 0;
    for (const auto& connection : connections_) reached += deliver(*connection, id) ? 1U : 0U;
    notified_.add(1);
    delivered_.add(reached);
    if (is_late()) [[unlikely]]
        return failed(NotifyError::MissedDeadline);
    return static_cast<std::int64_t>(reached);
}

std::int64_t NotifierPort::notify_listener(wire::Uuid listener, std::uint64_t id) {
    if (is_forked_copy()) return failed(NotifyError::ForkedProcess);
    if (id > max_id_) return failed(NotifyError::EventIdOutOfBounds);
    const auto lock = lock_if_shared();
    if (inbox_.has_changes()) take_changes();
    const auto found = std::find_if(connections_.begin(), connections_.end(),
                                    [&](const auto& connection) { return connection->listener == listener; });
    if (found == connections_.end() || !deliver(**found, id)) return failed(NotifyError::NotConnected);
    notified_.add(1);
    delivered_.add(1);
    return is_late() ? failed(NotifyError::MissedDeadline) : 1;
}

// False: nobody listens there any more.
bool NotifierPort::deliver(OutgoingEvents& connection, std::uint64_t id) {
    if (connection.sender.receiver_closed()) [[unlikely]]
        return false;
    connection.sender.notify(id);
    if (connection.sender.receiver_wants_wake()) [[unlikely]] {
        connection.listener_handle.wake();
        woken_.add(1);
    }
    connection.written.add(1);
    return true;
}

bool NotifierPort::is_late() {
    if (!deadline_) return false;
    const auto now = Clock::now();
    const bool late = now - std::exchange(last_, now) > *deadline_;
    if (late) late_.add(1);
    return late;
}

expected<std::vector<UniquePortId>, NotifyError> NotifierPort::listeners() {
    if (is_forked_copy()) return unexpected{NotifyError::ForkedProcess};
    const auto lock = lock_if_shared();
    if (inbox_.has_changes()) take_changes();
    std::vector<UniquePortId> ids;
    for (const auto& connection : connections_)
        if (!connection->sender.receiver_closed())
            ids.emplace_back(connection->listener.high, connection->listener.low);
    return ids;
}

void NotifierPort::take_changes() {
    inbox_.take([this](const auto& added) { connections_.push_back(added); },
                [this](const auto& ended) { std::erase(connections_, ended); });
}

tl::expected<void, std::string> NotifierPort::connect(control::Offer offer) {
    auto connection = OutgoingEvents::map(offer, service(), *service_->session());
    if (!connection) return tl::unexpected{std::move(connection.error())};
    inbox_.add(std::move(*connection));
    return {};
}

void NotifierPort::disconnect(wire::Uuid connection, wire::RemovalReason /*reason*/) {
    inbox_.end(connection);
}

void NotifierPort::wake_offered(wire::Uuid connection, shm::UniqueFd handle) {
    OutgoingEvents* const half = inbox_.find(connection);
    if (half != nullptr && half->listener_handle.take(std::move(handle), *service_->session()))
        half->sender.confirm_receiver_handle();
}

// The process may end before the broker has told the listeners: they find in the connection that the notifier
// did not just die. After this the port is gone.
void NotifierPort::close() {
    if (is_forked_copy()) return;
    {
        const auto lock = lock_if_shared();
        service_->session()->drop_port(id_);
        take_changes();
        for (const auto& connection : connections_) connection->sender.close();
    }
    const auto self = std::move(self_);
}

}  // namespace ipc::port
