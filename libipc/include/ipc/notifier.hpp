// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/event_id.hpp"
#include "ipc/expected.hpp"
#include "ipc/export.hpp"
#include "ipc/notify_error.hpp"
#include "ipc/port_error.hpp"
#include "ipc/unique_id.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ipc::detail {
class ServiceHandle;
}
namespace ipc::port {
class NotifierPort;
}

namespace ipc {

// Tells listeners that something happened. Belongs to one thread at a time, unless it was built with
// thread_safe(true). No call blocks, and none makes a system call but to wake a listener that sleeps.
class IPC_API Notifier {
 public:
    Notifier(Notifier&& other) noexcept : port_{std::exchange(other.port_, nullptr)} {}
    Notifier& operator=(Notifier&& other) noexcept {
        std::swap(port_, other.port_);
        return *this;
    }
    ~Notifier() {
        if (port_ != nullptr) close();
    }

    UniquePortId id() const;

    // Notifies every listener of the event (without an argument: of the default event), and returns how many
    // there are. Every notification counts and none is lost, however seldom a listener looks.
    expected<std::size_t, NotifyError> notify() { return outcome(notify_all(port_, nullptr)); }
    expected<std::size_t, NotifyError> notify(EventId id) { return outcome(notify_all(port_, &id)); }
    // Notifies one of listeners().
    expected<void, NotifyError> notify_listener(UniquePortId listener, EventId id);
    // Who is connected now.
    expected<std::vector<UniquePortId>, NotifyError> listeners();

    // The service's, if it has one: a call later than this after the one before (the first, after the
    // notifier was created) is MissedDeadline.
    std::optional<std::chrono::nanoseconds> deadline() const;

 private:
    friend class NotifierBuilder;
    explicit Notifier(port::NotifierPort* port) : port_{port} {}
    // The number of listeners, or -1 - the error.
    static std::int64_t notify_all(port::NotifierPort* port, const EventId* id);
    static expected<std::size_t, NotifyError> outcome(std::int64_t number) {
        if (number < 0) return unexpected{static_cast<NotifyError>(-1 - number)};
        return static_cast<std::size_t>(number);
    }
    void close();

    port::NotifierPort* port_;
};

class IPC_API NotifierBuilder {
 public:
    explicit NotifierBuilder(std::shared_ptr<detail::ServiceHandle> service);

    // At most 128 bytes of UTF-8; may be empty. Shows in roudictl.
    NotifierBuilder& name(std::string_view name);
    // What notify() without an argument tells. Default: 0.
    NotifierBuilder& default_event_id(EventId id);
    // A lock around each operation, so that threads can share it.
    NotifierBuilder& thread_safe(bool enabled);

    // Asks the broker, and returns once every listener that was there is connected (or after the node's
    // bound, if one of them does not answer): what is notified afterwards, they hear.
    expected<Notifier, Error<NotifierCreateError>> create() const;

 private:
    std::shared_ptr<detail::ServiceHandle> service_;
    std::string name_;
    EventId default_event_id_{0};
    bool thread_safe_ = false;
};

}  // namespace ipc
