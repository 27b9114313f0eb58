// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/degradation.hpp"
#include "ipc/expected.hpp"
#include "ipc/export.hpp"
#include "ipc/port_error.hpp"
#include "ipc/receive_error.hpp"
#include "ipc/unique_id.hpp"
#include "ipc/untyped/sample.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace ipc::detail {
class ServiceHandle;
}

namespace ipc::port {
class WaitSource;
}

namespace ipc::untyped {

// Receives samples whose type is described at run time. All members may be called by several threads at once,
// but for moving and ending it.
class IPC_API Subscriber {
 public:
    Subscriber(Subscriber&& other) noexcept : port_{std::exchange(other.port_, nullptr)} {}
    Subscriber& operator=(Subscriber&& other) noexcept {
        std::swap(port_, other.port_);
        return *this;
    }
    // The port itself ends with the last sample that is held.
    ~Subscriber() {
        if (port_ != nullptr) close();
    }

    UniquePortId id() const;
    std::uint64_t buffer_size() const;
    // Bytes; of a slice an element's.
    std::size_t payload_size() const;

    // The next sample, or nothing. Does not block. Publishers are served in turn; of one publisher, samples
    // come in the order in which they were sent, what was asked for of its history first. At most
    // subscriber_max_borrowed_samples of each publisher can be held at a time.
    expected<std::optional<Sample>, ReceiveError> receive() { return received(take(port_)); }
    // Sleeps until there is a sample; nothing at the timeout.
    expected<std::optional<Sample>, ReceiveError> receive(std::chrono::nanoseconds timeout) {
        return received(wait_and_take(port_, timeout));
    }
    // Whether receive() would find something.
    expected<bool, ReceiveError> has_samples();

    // For an event loop (poll, epoll): readable for as long as something can be received, quiet once a
    // receive() found nothing. May be readable once with nothing there. Never read it; it lives as long as
    // the port.
    expected<int, Error<FileDescriptorError>> file_descriptor();
    // What a WaitSet attaches; of no other use.
    std::shared_ptr<port::WaitSource> wait_source() const;

    // How many samples were sent since this subscriber was connected (and of the history that it asked for)
    // that it did not get, whatever the cause, as far as later samples tell.
    std::uint64_t missed() const;

    // Connections are taken up by the node's control thread; where the node has none, this does it.
    expected<void, ReceiveError> update_connections();

 private:
    friend class SubscriberBuilder;
    explicit Subscriber(port::SubscriberPort* port) : port_{port} {}
    static detail::TakenSample take(port::SubscriberPort* port);
    static detail::TakenSample wait_and_take(port::SubscriberPort* port, std::chrono::nanoseconds timeout);
    static expected<std::optional<Sample>, ReceiveError> received(const detail::TakenSample& taken) {
        if (taken.held != nullptr) return std::optional<Sample>{Sample{taken.held}};
        if (taken.is_nothing()) return std::nullopt;
        return unexpected{taken.error()};
    }
    void close();

    port::SubscriberPort* port_;
};

class IPC_API SubscriberBuilder {
 public:
    explicit SubscriberBuilder(std::shared_ptr<detail::ServiceHandle> service);

    // At most 128 bytes of UTF-8; may be empty. Shows in roudictl.
    SubscriberBuilder& name(std::string_view name);
    // Samples of each publisher that wait to be received. Default: what the service allows at most.
    SubscriberBuilder& buffer_size(std::uint64_t count);
    // How many of the samples that each publisher sent before are wanted. Default: all that the service
    // keeps.
    SubscriberBuilder& history_request(std::uint64_t count);
    SubscriberBuilder& degradation_handler(DegradationHandler handler);
    // Touches all memory of the port and its connections before they are used: what the port has of its own,
    // and as much of its publishers' memory as they have touched; all of it, if they prefault, too. Then no
    // page fault comes on the way of a sample. A connection for which there is no memory is cut. Default:
    // off.
    SubscriberBuilder& prefault(bool enabled);
    // Likewise, and keeps the shared memory out of swap (mlock), as far as RLIMIT_MEMLOCK allows.
    SubscriberBuilder& lock_memory(bool enabled);

    // Asks the broker, and returns once every publisher that was there is connected (or after the node's
    // bound, if one of them does not answer): what they send afterwards is received.
    expected<Subscriber, Error<SubscriberCreateError>> create() const;

 private:
    std::shared_ptr<detail::ServiceHandle> service_;
    std::string name_;
    std::optional<std::uint64_t> buffer_size_;
    std::optional<std::uint64_t> history_request_;
    DegradationHandler degradation_handler_;
    bool prefault_ = false;
    bool lock_memory_ = false;
};

}  // namespace ipc::untyped
