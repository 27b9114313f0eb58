// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/allocation.hpp"
#include "ipc/backpressure.hpp"
#include "ipc/degradation.hpp"
#include "ipc/expected.hpp"
#include "ipc/export.hpp"
#include "ipc/port_error.hpp"
#include "ipc/receive_error.hpp"
#include "ipc/unique_id.hpp"
#include "ipc/untyped/active_request.hpp"

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
class ServerPort;
class WaitSource;
}  // namespace ipc::port

namespace ipc::untyped {

// Receives requests whose type is described at run time, and answers them. Belongs to one thread at a time,
// with its active requests, unless it was built with thread_safe(true). May be moved meanwhile.
class IPC_API Server {
 public:
    Server(Server&& other) noexcept : port_{std::exchange(other.port_, nullptr)} {}
    Server& operator=(Server&& other) noexcept {
        std::swap(port_, other.port_);
        return *this;
    }
    // The port itself ends with its last active request and loaned response.
    ~Server() {
        if (port_ != nullptr) close();
    }

    UniquePortId id() const;
    // Of a request, in bytes; of a slice an element's.
    std::size_t payload_size() const;

    // The next request, or nothing. Does not block. Clients are served in turn; of one client, requests come
    // in the order in which they were sent. At most max_active_requests_per_client of each client can be held
    // at a time.
    expected<std::optional<ActiveRequest>, ReceiveError> receive() { return received(take(port_)); }
    // Sleeps until there is a request; nothing at the timeout.
    expected<std::optional<ActiveRequest>, ReceiveError> receive(std::chrono::nanoseconds timeout) {
        return received(wait_and_take(port_, timeout));
    }
    // Whether receive() would find something.
    expected<bool, ReceiveError> has_requests();
    // Requests that were sent to this server and that it did not get, as far as later ones tell. (Of a client
    // with Routing::LeastLoaded, what it sent to other servers in between counts too.)
    std::uint64_t missed() const;
    // Connections are taken up by the node's control thread; where the node has none, this does it. Gives
    // back what the port has grown by its responses and does not need.
    expected<void, ReceiveError> update_connections();

    // For an event loop (poll, epoll): readable for as long as a request can be received, quiet once a
    // receive() found nothing. May be readable once with nothing there. Never read it; it lives as long as
    // the port.
    expected<int, Error<FileDescriptorError>> file_descriptor();
    // What a WaitSet attaches; of no other use.
    std::shared_ptr<port::WaitSource> wait_source() const;

 private:
    friend class ServerBuilder;
    explicit Server(port::ServerPort* port) : port_{port} {}
    static detail::TakenSample take(port::ServerPort* port);
    static detail::TakenSample wait_and_take(port::ServerPort* port, std::chrono::nanoseconds timeout);
    static expected<std::optional<ActiveRequest>, ReceiveError> received(const detail::TakenSample& taken) {
        if (taken.held != nullptr) return std::optional<ActiveRequest>{ActiveRequest{taken.held}};
        if (taken.is_nothing()) return std::nullopt;
        return unexpected{taken.error()};
    }
    void close();

    port::ServerPort* port_;
};

class IPC_API ServerBuilder {
 public:
    explicit ServerBuilder(std::shared_ptr<detail::ServiceHandle> service);

    // At most 128 bytes of UTF-8; may be empty. Shows in roudictl.
    ServerBuilder& name(std::string_view name);
    // How many responses to one request may be loaned at a time. Default:
    // defaults::max_loaned_responses_per_request.
    ServerBuilder& max_loaned_responses_per_request(std::uint64_t count);
    // The longest response that can be loaned, in elements, where responses are slices; see PublisherBuilder.
    ServerBuilder& initial_max_slice_len(std::uint64_t elements);
    // What happens where a response is longer than that; see AllocationStrategy. Default: Static. Refused
    // (InvalidSetting) where responses are no slices.
    ServerBuilder& allocation_strategy(AllocationStrategy strategy);
    ServerBuilder& backpressure_strategy(BackpressureStrategy strategy);
    // Asked for every full buffer, instead of the strategy.
    ServerBuilder& backpressure_handler(BackpressureHandler handler);
    ServerBuilder& degradation_handler(DegradationHandler handler);
    // A lock around each operation, so that threads can share it and its active requests. One of them that
    // waits for room in a client's buffer makes the others wait too.
    ServerBuilder& thread_safe(bool enabled);
    // Reserves and touches all memory of the port before create() returns: then a shortage is an error
    // (OutOfMemory) here and not a signal later, and no page fault comes on the way of a request or a
    // response. What it takes is the worst case that the settings allow for, and it is charged to this
    // process. Also of each connection that is made later, on the node's control thread; one for which there
    // is no memory is cut. Default: off, memory is paid as it is touched.
    ServerBuilder& prefault(bool enabled);
    // Likewise, and keeps the shared memory out of swap (mlock), as far as RLIMIT_MEMLOCK allows.
    ServerBuilder& lock_memory(bool enabled);
    // What is sent lies in huge pages, of 2 MiB, which are reserved and touched in create(), as with
    // prefault(). Create fails (OutOfMemory) where the system has too few of them free; see
    // /proc/sys/vm/nr_hugepages. A segment begins at a multiple of 2 MiB then, but not each payload: that is
    // aligned as the service says, to 4096 bytes at most. Default: off.
    ServerBuilder& huge_pages(bool enabled);

    // Asks the broker, and returns once every client that was there is connected (or after the node's bound,
    // if one of them does not answer): what they send afterwards is received.
    expected<Server, Error<ServerCreateError>> create() const;

 private:
    std::shared_ptr<detail::ServiceHandle> service_;
    std::string name_;
    std::uint64_t max_loaned_;
    std::optional<std::uint64_t> max_slice_len_;
    AllocationStrategy allocation_ = AllocationStrategy::Static;
    BackpressureStrategy strategy_ = BackpressureStrategy::RetryUntilDelivered;
    BackpressureHandler backpressure_handler_;
    DegradationHandler degradation_handler_;
    bool thread_safe_ = false;
    bool prefault_ = false;
    bool lock_memory_ = false;
    bool huge_pages_ = false;
};

}  // namespace ipc::untyped
