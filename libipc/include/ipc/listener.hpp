// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/degradation.hpp"
#include "ipc/event_id.hpp"
#include "ipc/expected.hpp"
#include "ipc/export.hpp"
#include "ipc/listener_wait_error.hpp"
#include "ipc/port_error.hpp"
#include "ipc/unique_id.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace ipc::detail {

class ServiceHandle;

// A callback as it crosses the library's border. Made of a reference: it is not kept.
struct EventSink {
    void* callback;
    void (*call)(void* callback, EventActivation activation);

    template <class Callback>
    static EventSink of(Callback& callback) {
        return {erase(std::addressof(callback)), [](void* erased, EventActivation activation) {
                    if constexpr (std::is_function_v<Callback>)
                        (*reinterpret_cast<Callback*>(erased))(activation);
                    else
                        (*static_cast<Callback*>(erased))(activation);
                }};
    }

 private:
    template <class Callback>
    static void* erase(Callback* callback) {
        if constexpr (std::is_function_v<Callback>)
            return reinterpret_cast<void*>(callback);  // as POSIX allows
        else
            return const_cast<std::remove_const_t<Callback>*>(callback);
    }
};

}  // namespace ipc::detail
namespace ipc::port {
class ListenerPort;
class WaitSource;
}  // namespace ipc::port

namespace ipc {

// Hears what the notifiers of its service tell. All members may be called by several threads at once, but for
// moving and ending it: of what happened, each of them is told a part, and nothing twice.
//
// What a notifier told before it ended is heard all the same, however it ended. A callback may throw: what it
// was called for has been told then, and everything else is there for the next call.
class IPC_API Listener {
 public:
    Listener(Listener&& other) noexcept : port_{std::exchange(other.port_, nullptr)} {}
    Listener& operator=(Listener&& other) noexcept {
        std::swap(port_, other.port_);
        return *this;
    }
    ~Listener() {
        if (port_ != nullptr) close();
    }

    UniquePortId id() const;

    // Calls callback(EventActivation) for each event that happened since the last call (once for each
    // notifier that told it), and returns how often it called. Does not block.
    template <class Callback>
    expected<std::size_t, ListenerWaitError> try_wait(Callback&& callback) {
        return outcome(collect(port_, detail::EventSink::of(callback), Amount::all));
    }
    // Likewise; sleeps where nothing happened yet, until something does, or the timeout (then it returns 0).
    template <class Callback>
    expected<std::size_t, ListenerWaitError> timed_wait(Callback&& callback,
                                                        std::chrono::nanoseconds timeout) {
        return outcome(wait(port_, detail::EventSink::of(callback), Amount::all, timeout));
    }
    template <class Callback>
    expected<std::size_t, ListenerWaitError> blocking_wait(Callback&& callback) {
        return timed_wait(callback, std::chrono::nanoseconds::max());
    }

    // One occurrence of one event. Events, and notifiers, are served in turn.
    expected<std::optional<EventId>, ListenerWaitError> try_wait_one() {
        std::optional<EventId> one;
        auto keep = [&one](EventActivation activation) { one = activation.id(); };
        if (auto told = outcome(collect(port_, detail::EventSink::of(keep), Amount::one)); !told)
            return unexpected{told.error()};
        return one;
    }
    // Nothing at the timeout.
    expected<std::optional<EventId>, ListenerWaitError> timed_wait_one(std::chrono::nanoseconds timeout) {
        std::optional<EventId> one;
        auto keep = [&one](EventActivation activation) { one = activation.id(); };
        if (auto told = outcome(wait(port_, detail::EventSink::of(keep), Amount::one, timeout)); !told)
            return unexpected{told.error()};
        return one;
    }
    expected<std::optional<EventId>, ListenerWaitError> blocking_wait_one() {
        return timed_wait_one(std::chrono::nanoseconds::max());
    }

    // For an event loop (poll, epoll): readable for as long as there is something to hear, quiet once a wait
    // found nothing. May be readable once with nothing there. Never read it; it lives as long as the port.
    expected<int, Error<FileDescriptorError>> file_descriptor();
    // What a WaitSet attaches; of no other use.
    std::shared_ptr<port::WaitSource> wait_source() const;

    // The service's, if it has one: how long each of its notifiers may be silent.
    std::optional<std::chrono::nanoseconds> deadline() const;

 private:
    friend class ListenerBuilder;
    enum class Amount : bool { all, one };

    explicit Listener(port::ListenerPort* port) : port_{port} {}
    // How many activations the sink was called for, or -1 - the error.
    static std::int64_t collect(port::ListenerPort* port, detail::EventSink sink, Amount amount);
    static std::int64_t wait(port::ListenerPort* port, detail::EventSink sink, Amount amount,
                             std::chrono::nanoseconds timeout);
    static expected<std::size_t, ListenerWaitError> outcome(std::int64_t number) {
        if (number < 0) return unexpected{static_cast<ListenerWaitError>(-1 - number)};
        return static_cast<std::size_t>(number);
    }
    void close();

    port::ListenerPort* port_;
};

class IPC_API ListenerBuilder {
 public:
    explicit ListenerBuilder(std::shared_ptr<detail::ServiceHandle> service);

    // At most 128 bytes of UTF-8; may be empty. Shows in roudictl.
    ListenerBuilder& name(std::string_view name);
    ListenerBuilder& degradation_handler(DegradationHandler handler);

    // Asks the broker, and returns once every notifier that was there is connected (or after the node's
    // bound, if one of them does not answer): what they tell afterwards is heard.
    expected<Listener, Error<ListenerCreateError>> create() const;

 private:
    std::shared_ptr<detail::ServiceHandle> service_;
    std::string name_;
    DegradationHandler degradation_handler_;
};

}  // namespace ipc
