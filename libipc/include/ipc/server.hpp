// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/active_request.hpp"
#include "ipc/untyped/server.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace ipc {

// Receives requests of one service, and answers them. See untyped::Server for threads and lifetime.
template <class Request, class ResponsePayload, class RequestUserHeader = void,
          class ResponseUserHeader = void>
class Server {
 public:
    using Received = ActiveRequest<Request, ResponsePayload, RequestUserHeader, ResponseUserHeader>;

    explicit Server(untyped::Server server) : server_{std::move(server)} {}

    UniquePortId id() const { return server_.id(); }

    // The next request, or nothing. Does not block.
    expected<std::optional<Received>, ReceiveError> receive() { return typed(server_.receive()); }
    // Sleeps until there is a request; nothing at the timeout.
    expected<std::optional<Received>, ReceiveError> receive(std::chrono::nanoseconds timeout) {
        return typed(server_.receive(timeout));
    }
    // See untyped::Server.
    expected<bool, ReceiveError> has_requests() { return server_.has_requests(); }
    std::uint64_t missed() const { return server_.missed(); }
    expected<void, ReceiveError> update_connections() { return server_.update_connections(); }
    expected<int, Error<FileDescriptorError>> file_descriptor() { return server_.file_descriptor(); }
    // What a WaitSet attaches; of no other use.
    std::shared_ptr<port::WaitSource> wait_source() const { return server_.wait_source(); }

 private:
    static expected<std::optional<Received>, ReceiveError> typed(
        expected<std::optional<untyped::ActiveRequest>, ReceiveError> received) {
        if (!received) return unexpected{received.error()};
        std::optional<Received> result;
        if (*received) result.emplace(std::move(**received));
        return result;
    }

    untyped::Server server_;
};

// Settings of a server; see untyped::ServerBuilder for what each means.
template <class Request, class ResponsePayload, class RequestUserHeader = void,
          class ResponseUserHeader = void>
class ServerBuilder {
 public:
    using Port = Server<Request, ResponsePayload, RequestUserHeader, ResponseUserHeader>;

    explicit ServerBuilder(std::shared_ptr<detail::ServiceHandle> service) : builder_{std::move(service)} {}

    ServerBuilder& name(std::string_view name) { return set(builder_.name(name)); }
    ServerBuilder& max_loaned_responses_per_request(std::uint64_t count) {
        return set(builder_.max_loaned_responses_per_request(count));
    }
    ServerBuilder& initial_max_slice_len(std::uint64_t elements) requires is_slice_v<ResponsePayload> {
        return set(builder_.initial_max_slice_len(elements));
    }
    ServerBuilder& allocation_strategy(AllocationStrategy strategy) requires is_slice_v<ResponsePayload> {
        return set(builder_.allocation_strategy(strategy));
    }
    ServerBuilder& backpressure_strategy(BackpressureStrategy strategy) {
        return set(builder_.backpressure_strategy(strategy));
    }
    ServerBuilder& backpressure_handler(BackpressureHandler handler) {
        return set(builder_.backpressure_handler(std::move(handler)));
    }
    ServerBuilder& degradation_handler(DegradationHandler handler) {
        return set(builder_.degradation_handler(std::move(handler)));
    }
    ServerBuilder& thread_safe(bool enabled) { return set(builder_.thread_safe(enabled)); }
    ServerBuilder& prefault(bool enabled) { return set(builder_.prefault(enabled)); }
    ServerBuilder& lock_memory(bool enabled) { return set(builder_.lock_memory(enabled)); }
    ServerBuilder& huge_pages(bool enabled) { return set(builder_.huge_pages(enabled)); }

    expected<Port, Error<ServerCreateError>> create() const {
        auto server = builder_.create();
        if (!server) return unexpected{std::move(server.error())};
        return Port{std::move(*server)};
    }

 private:
    ServerBuilder& set(untyped::ServerBuilder&) { return *this; }

    untyped::ServerBuilder builder_;
};

}  // namespace ipc
