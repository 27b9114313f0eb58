// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/port_link.hpp"
#include "control/session.hpp"
#include "port/connection_inbox.hpp"
#include "port/counter.hpp"
#include "port/outgoing_events.hpp"
#include "service/service_handle.hpp"
#include "shm/fork_guard.hpp"

#include <ipc/event_id.hpp>
#include <ipc/notifier.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace ipc::port {

struct NotifierSettings {
    std::uint64_t default_event_id = 0;
    bool thread_safe = false;
};

// The port of a Notifier. Everything on the way of a notification is private to the thread that the notifier
// belongs to; connections come through an inbox. The port owns itself, until the Notifier closes it.
class NotifierPort final : public control::PortLink {
 public:
    static tl::expected<NotifierPort*, control::CallFailure> create(
        std::shared_ptr<detail::ServiceHandle> service, const std::string& name, NotifierSettings settings);

    NotifierPort(std::shared_ptr<detail::ServiceHandle> service, NotifierSettings settings,
                 const wire::PortCreated& created);

    // The Notifier's operations; by one thread at a time, or under the lock of a thread_safe notifier. Those
    // that notify give the number of listeners, or -1 - the error.
    std::int64_t notify() { return notify(settings_.default_event_id); }
    std::int64_t notify(std::uint64_t id);
    std::int64_t notify_listener(wire::Uuid listener, std::uint64_t id);
    expected<std::vector<UniquePortId>, NotifyError> listeners();
    void close();

    wire::Uuid id() const { return id_; }
    const wire::EventSettings& service() const { return service_->settings<wire::EventSettings>(); }

    // The control thread's.
    tl::expected<void, std::string> connect(control::Offer offer) override;
    void disconnect(wire::Uuid connection, wire::RemovalReason reason) override;
    void wake_offered(wire::Uuid connection, shm::UniqueFd handle) override;

 private:
    using Clock = std::chrono::steady_clock;

    std::unique_lock<std::mutex> lock_if_shared() {
        return settings_.thread_safe ? std::unique_lock{mutex_} : std::unique_lock<std::mutex>{};
    }
    bool is_forked_copy() const { return generation_ != shm::fork_generation(); }
    void take_changes();
    bool deliver(OutgoingEvents& connection, std::uint64_t id);
    bool is_late();

    // In the order in which the way of a notification touches them.
    const std::uint32_t generation_ = shm::fork_generation();
    const std::uint64_t max_id_;
    const NotifierSettings settings_;
    const std::optional<Clock::duration> deadline_;
    Clock::time_point last_ = Clock::now();  // when it notified
    ConnectionInbox<OutgoingEvents> inbox_;
    std::vector<std::shared_ptr<OutgoingEvents>> connections_;
    Counter notified_, delivered_, woken_, late_;

    const wire::Uuid id_;
    std::mutex mutex_;  // of a thread_safe notifier's operations
    std::shared_ptr<NotifierPort> self_;
    std::shared_ptr<detail::ServiceHandle> service_;
};

}  // namespace ipc::port
