// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ipc/allocation.hpp"
#include "ipc/backpressure.hpp"
#include "ipc/degradation.hpp"
#include "ipc/expected.hpp"
#include "ipc/export.hpp"
#include "ipc/port_error.hpp"
#include "ipc/request_error.hpp"
#include "ipc/routing.hpp"
#include "ipc/unique_id.hpp"
#include "ipc/untyped/request_mut.hpp"
#include "ipc/untyped/sample_mut.hpp"

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

namespace ipc::untyped {

// Sends requests whose type is described at run time. Belongs to one thread at a time, unless it was built
// with thread_safe(true); its pending responses may be used by others. May be moved while requests are loaned
// or under way.
class IPC_API Client {
 public:
    Client(Client&& other) noexcept : port_{std::exchange(other.port_, nullptr)} {}
    Client& operator=(Client&& other) noexcept {
        std::swap(port_, other.port_);
        return *this;
    }
    // The port itself ends with its last loan, pending response and response that is held.
    ~Client() {
        if (port_ != nullptr) close();
    }

    UniquePortId id() const;
    // Bytes; of a slice an element's.
    std::size_t payload_size() const;

    // Memory for one request; where requests are slices, for one of a single element. Does not block.
    expected<RequestMut, LoanError> loan() { return loan_slice(1); }
    // Memory for a slice of so many elements: up to initial_max_slice_len, or more where the port grows,
    // which blocks. (Where requests are of fixed size any other number than 1 is ExceedsMaxLoanSize.)
    expected<RequestMut, LoanError> loan_slice(std::uint64_t elements) {
        const detail::LoanedChunk loaned = loan_chunk(port_, elements);
        if (loaned.payload == nullptr) return unexpected{static_cast<LoanError>(loaned.chunk_or_error)};
        return RequestMut{port_, loaned.chunk_or_error, loaned.payload};
    }
    // Loans, copies payload_size() bytes, and sends.
    expected<PendingResponse, RequestSendError> send_copy(const void* payload);
    // Likewise, so many elements.
    expected<PendingResponse, RequestSendError> send_slice_copy(const void* payload, std::uint64_t elements);
    // Takes up connections that were made or ended since the last operation, which every loan and send does
    // too; gives back what the port has grown and does not need. Returns how many servers are connected.
    expected<std::size_t, RequestSendError> update_connections();

    // For an event loop: readable for as long as a response to any of its requests can be received. See
    // PendingResponse::file_descriptor() for one request.
    expected<int, Error<FileDescriptorError>> file_descriptor();
    // What a WaitSet attaches; of no other use.
    std::shared_ptr<port::WaitSource> wait_source() const;

 private:
    friend class ClientBuilder;
    explicit Client(port::ClientPort* port) : port_{port} {}
    static detail::LoanedChunk loan_chunk(port::ClientPort* port, std::uint64_t elements);
    void close();

    port::ClientPort* port_;
};

class IPC_API ClientBuilder {
 public:
    explicit ClientBuilder(std::shared_ptr<detail::ServiceHandle> service);

    // At most 128 bytes of UTF-8; may be empty. Shows in roudictl.
    ClientBuilder& name(std::string_view name);
    // Default: Routing::ToAll.
    ClientBuilder& routing(Routing routing);
    // With Routing::LeastLoaded: a request whose server dies, or ends, before it sent a response goes to
    // another one. Its receive() does that, and so it belongs to the client's thread, unless the client is
    // thread_safe.
    ClientBuilder& retry_on_server_death(bool enabled);
    // How long after a request was sent its stream ends. Default: never.
    ClientBuilder& default_deadline(std::chrono::nanoseconds after_sending);
    // The longest request that can be loaned, in elements, where requests are slices; see PublisherBuilder.
    ClientBuilder& initial_max_slice_len(std::uint64_t elements);
    // What happens where a request is longer than that; see AllocationStrategy. Default: Static. Refused
    // (InvalidSetting) where requests are no slices.
    ClientBuilder& allocation_strategy(AllocationStrategy strategy);
    ClientBuilder& backpressure_strategy(BackpressureStrategy strategy);
    // Asked for every full buffer, instead of the strategy.
    ClientBuilder& backpressure_handler(BackpressureHandler handler);
    ClientBuilder& degradation_handler(DegradationHandler handler);
    // A lock around each operation, so that threads can share it.
    ClientBuilder& thread_safe(bool enabled);
    // Reserves and touches all memory of the port before create() returns: then a shortage is an error
    // (OutOfMemory) here and not a signal later, and no page fault comes on the way of a request or a
    // response. What it takes is the worst case that the settings allow for, and it is charged to this
    // process. Also of each connection that is made later, on the node's control thread; one for which there
    // is no memory is cut. Default: off, memory is paid as it is touched.
    ClientBuilder& prefault(bool enabled);
    // Likewise, and keeps the shared memory out of swap (mlock), as far as RLIMIT_MEMLOCK allows.
    ClientBuilder& lock_memory(bool enabled);
    // What is sent lies in huge pages, of 2 MiB, which are reserved and touched in create(), as with
    // prefault(). Create fails (OutOfMemory) where the system has too few of them free; see
    // /proc/sys/vm/nr_hugepages. A segment begins at a multiple of 2 MiB then, but not each payload: that is
    // aligned as the service says, to 4096 bytes at most. Default: off.
    ClientBuilder& huge_pages(bool enabled);

    // Asks the broker, and returns once every server that was there is connected (or after the node's bound,
    // if one of them does not answer): what is sent afterwards, they receive.
    expected<Client, Error<ClientCreateError>> create() const;

 private:
    std::shared_ptr<detail::ServiceHandle> service_;
    std::string name_;
    Routing routing_ = Routing::ToAll;
    bool retry_ = false;
    std::chrono::nanoseconds deadline_{0};
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
