// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/sample.hpp"
#include "ipc/untyped/subscriber.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace ipc {

// Receives samples of one service. See untyped::Subscriber for threads and lifetime.
template <class Payload, class UserHeader = void>
class Subscriber {
 public:
    using Received = Sample<Payload, UserHeader>;

    explicit Subscriber(untyped::Subscriber subscriber) : subscriber_{std::move(subscriber)} {}

    UniquePortId id() const { return subscriber_.id(); }
    std::uint64_t buffer_size() const { return subscriber_.buffer_size(); }

    // The next sample, or nothing. Does not block.
    expected<std::optional<Received>, ReceiveError> receive() { return typed(subscriber_.receive()); }
    // Sleeps until there is a sample; nothing at the timeout.
    expected<std::optional<Received>, ReceiveError> receive(std::chrono::nanoseconds timeout) {
        return typed(subscriber_.receive(timeout));
    }
    expected<bool, ReceiveError> has_samples() { return subscriber_.has_samples(); }
    // See untyped::Subscriber::file_descriptor.
    expected<int, Error<FileDescriptorError>> file_descriptor() { return subscriber_.file_descriptor(); }
    // What a WaitSet attaches; of no other use.
    std::shared_ptr<port::WaitSource> wait_source() const { return subscriber_.wait_source(); }
    // See untyped::Subscriber::missed.
    std::uint64_t missed() const { return subscriber_.missed(); }
    expected<void, ReceiveError> update_connections() { return subscriber_.update_connections(); }

 private:
    static expected<std::optional<Received>, ReceiveError> typed(
        expected<std::optional<untyped::Sample>, ReceiveError> received) {
        if (!received) return unexpected{received.error()};
        std::optional<Received> result;
        if (*received) result.emplace(std::move(**received));
        return result;
    }

    untyped::Subscriber subscriber_;
};

// Settings of a subscriber; see untyped::SubscriberBuilder for what each means.
template <class Payload, class UserHeader = void>
class SubscriberBuilder {
 public:
    explicit SubscriberBuilder(std::shared_ptr<detail::ServiceHandle> service)
        : builder_{std::move(service)} {}

    SubscriberBuilder& name(std::string_view name) { return set(builder_.name(name)); }
    SubscriberBuilder& buffer_size(std::uint64_t count) { return set(builder_.buffer_size(count)); }
    SubscriberBuilder& history_request(std::uint64_t count) { return set(builder_.history_request(count)); }
    SubscriberBuilder& degradation_handler(DegradationHandler handler) {
        return set(builder_.degradation_handler(std::move(handler)));
    }
    SubscriberBuilder& prefault(bool enabled) { return set(builder_.prefault(enabled)); }
    SubscriberBuilder& lock_memory(bool enabled) { return set(builder_.lock_memory(enabled)); }

    expected<Subscriber<Payload, UserHeader>, Error<SubscriberCreateError>> create() const {
        auto subscriber = builder_.create();
        if (!subscriber) return unexpected{std::move(subscriber.error())};
        return Subscriber<Payload, UserHeader>{std::move(*subscriber)};
    }

 private:
    SubscriberBuilder& set(untyped::SubscriberBuilder&) { return *this; }

    untyped::SubscriberBuilder builder_;
};

}  // namespace ipc
